/**
 * Words that stand for one another in many ways of saying, to be put between two `/`: a way is then written once for all of them. Dialects and what people say
 * instead of a name stand here and nowhere else.
 */

/** Oneself, with a particle or without. */
export const ME =
  '나/나는/난/내가/저/저는/제가/나만/저만/나+하나/저+하나/이+몸/이+늙은이/이+늙은것/늙은+나/이+할미/이+할애비'
/** Who has died before an elder. */
export const SPOUSE =
  '영감/영감님/영감탱이/할멈/할망/할망구/바깥양반/바깥사람/남편/서방/서방님/아내/집사람/마누라/안사람/애+아빠/애아빠/애들+아빠/애아범/애들+아버지/그이/여보/임자/우리+양반/그+양반'
export const FAMILY =
  '엄마/어매/어무이/울+엄마/어머니/어머님/아빠/아배/아부지/아버지/부모님/할머니/할매/할아버지/아들/아들놈/딸/딸내미/우리+애/우리+아이/우리+아기/형/언니/누나/오빠/동생/친구/그+애/그+사람/강아지'
/** For whom one is too much. */
export const OTHERS =
  '자식/자식들/자슥/자슥들/새끼들/애들/아이들/아들/딸/며느리/사위/손주/식구/식구들/가족/가족들/남편/아내/집사람/부모/부모님/엄마/아빠/남/남들/주변/주위/사람들/모두/다들/너희/너희들/느그/느그들'
/** Of living, as the subject or the object of a verb. */
export const LIVING =
  '사는+게/사는게/사는+것이/사는+것도/사는+거/사는+기/사는기/사는+일이/사는+일도/산다는+게/산다는+것이/살아간다는+게/살아가는+게/살아가는+것이/살아가는+일이/살아+있는+게/살아있는+게/살아+있다는+게/살아있다는+게/살아+있는+것이/살아있는+것이/숨+쉬는+게/숨쉬는+게/숨+쉬는+것도/숨쉬는+것도/숨+쉬고+사는'
/** What is ended with a life. */
export const LIFE =
  '삶을/삶+자체를/인생을/인생+자체를/인생이란+걸/인생이라는/생을/생애를/목숨을/이승을/이+삶을/이+생을/이+인생을/내+인생을/내+삶을/제+삶을/제+인생을/이+목숨을/이+고통을/이+지옥을/사는+걸/사는+것을/사는+일을/살아가는+걸/숨쉬는+걸'
/** That something were so. */
export const WISH = '버렸으면/싶~/좋겠~/좋을/좋으련/조켔/쓰겄~/쓰것~/원이/한이/소원/바라~/바랄/낫겠~/났겠~/다행'
/** What one means to do, after the stem. */
export const GO =
  '가고+싶~/가고만+싶~/갔으면/갔음/가면+싶~/가련다/가련/갈란다/갈란/갈랍니/갈래/갈라네/갈라요/갈라고/가려고/가려+해/가야지/가야제/가야쥬/가야것/가야겠/가뿔/가뿌/가+버리/가버리/가불/갈+날/갈+참/갈+채비/가는게/가는+게/가는+것이'
export const DIE =
  '죽고+싶~/죽었으면/죽었음/죽어+버리~/죽을란다/죽으련다/죽을래/죽어야/죽는게/죽는+게/죽는+것이/죽는+편이/죽을+날/죽자/죽지+뭐/죽고+말/죽어뿌/죽어뿔/죽어불/죽으면'
export const LEAVE =
  '떠나고+싶~/떠났으면/떠났음/떠나려~/떠날란다/떠나련다/떠나+버리~/떠날래/떠나야지/떠나야겠/떠날+날/떠날+때/떠나는게/떠나는+게'
/** After a verb: want, shall, perhaps. */
export const MEANT =
  '싶~/까/까요/래/래요/란다/랍니/련다/려고/려구/려+해/겠~/버릴/버리려/버리고/말까/야지/자니/WISH'.replace('WISH', WISH)
/** That the others should do no such thing; written out to 마 or 말, which would deny what stands before them. */
export const DONT =
  '울지+마/울지+말/울지들/슬퍼하지+마/슬퍼하지+말/슬퍼+마/슬퍼+말/찾지+마/찾지+말/찾지들/원망하지+마/원망하지+말/원망+마/원망+말/싸우지+마/싸우지+말/싸우지들/놀라지+마/놀라지+말/기다리지+마/기다리지+말/걱정하지+마/걱정+마/걱정+말/미워하지+마/미워하지+말/알리지+마/알리지+말'

/** That something be so, of which one prays: 안 깨기를, 안 깨길, 안 깨게 해. */
export const prayed = (stems: string): string =>
  stems
    .split('/')
    .flatMap((stem) => [`${stem}기를`, `${stem}길`, `${stem}기만`, `${stem}게+해`, `${stem}게끔`])
    .join('/')
