import { isSyllable, lettersOf } from '../matching/cells.ts'
import { loosely, type Window } from './window.ts'

const FINAL_SS = 20
const THING = '(?:생각|마음|맘|적|일|날|때|느낌|충동|기색|데|곳|줄|정도)'
const SAID_LITTLE = '(?:별로|전혀|하나도|한 번도|한번도|절대|조금도|추호도|거의|꿈에도|그다지|이젠|이제|더는)?'

/** 우울하지 않아요, 우울하진 않아, 힘들지 않네, 안 그래. */
const NOT_SO = loosely(`^.(?:하|되|스럽|롭)?(?:지|진|지는|지도|질|지를|지가) ${SAID_LITTLE} (?:않|안|못|몬)`)
/** 우울증은 아니래요, 외로운 건 아니야. */
const IS_NOT = loosely(
  `^.(?:증|감|함)?(?:한|은|는|인)?(?: (?:건|것은|게|거는|것도|정도는|편은|것이))?(?:은|는|이|가|도)? 아니(?!면|고서|었으면)`,
)
/** 죽고 싶은 생각은 전혀 없어요, 외로운 적 없어. What cannot be shaken off is no denial. */
const NO_SUCH_THOUGHT = loosely(
  `^.(?:거나 하는|거나 그런|다거나 하는)?[가-힣]{0,2}(?:다는|단|라는|은|는|ㄴ|던|같은)? (?:것|거|건|게)?(?: ${THING})(?:은|는|이|가|도|을|조차|까지|까지는|같은 건)?(?!밖에|뿐) ${SAID_LITTLE} (?:해 ?본 적(?:은|이|도)? ?)?(?:없(?!어지|애|던 게 아니)|안 ?(?:해|하|한|들어(?!가)|들고|나요|나고|합|했|듭)|하지 않|들지 않|나지 않|아니)`,
)
/** 걱정 안 해도 돼, 걱정 마, 걱정 없어, 자살 같은 건 생각도 안 해. */
const NONE_OF_IT = loosely(
  `^.(?:은|는|도|이|가|을|를|일랑|같은 건|같은 거|할 일|할 거)?(?: 전혀| 하나도| 별로| 생각도)? (?:하지 )?(?:안 ?해도|안 ?하|안 ?해|마(?=[ .,요세시라]|$)|말(?=고|아|라|자)|없(?!어지|애|던|어 ?서 ?못))`,
)
/** 외로운 줄 몰라요. */
const KNOWS_NOT = loosely(`^.(?:은|는|ㄴ|운)? 줄(?:은|도|을)? (?:모르|몰라|모릅|몰랐)`)
/** 안 불안해요: before the phrase. */
const NOT_BEFORE = /(?:^|[ ,])(?:안|않|못|안아)\s?$/u
/** 안 쑤시는 데가 없어, 우울하지 않은 날이 없어: twice is yes. */
const TWICE = loosely(`^[^.?]{0,12}(?:데가|데|날이|날|때가|적이|곳이|사람이) 없`)
const NOT_NOT = loosely(
  `(?:없지|않지|안 그런 것도|없는 것은|없는 건|않은 건|않은 것은|없는 것도)(?:는|도|가)? (?:않|아니|안)`,
)

/** 죽고 싶은 생각이 없다면 거짓말이지, 안 힘들다고 하면 거짓말: what would be a lie is so. */
const WOULD_BE_A_LIE = loosely(
  `(?:다면|다고 하면|다 하면|다고 한다면|다고 말하면|달까 하면|다는 건|단 건) (?:다 )?거짓`,
)

/** 다 나았어, 이제 괜찮아졌어. */
const RESOLVED = loosely(
  `(?:다|많이|싹|이제|이젠|지금은|완전히|거의|깨끗이) (?:나았|나아졌|나아서|좋아졌|괜찮아졌|없어졌|사라졌|풀렸|가셨|극복|벗어났|멀쩡|회복)`,
)

export function isNegated({ before, tail }: Window, hasOwnNegation: boolean): boolean {
  if (!hasOwnNegation && NOT_NOT.test(tail.slice(0, 24))) return false
  if (WOULD_BE_A_LIE.test(tail)) return false
  const notBefore = !hasOwnNegation && NOT_BEFORE.test(before)
  const notSo = NOT_SO.test(tail)
  if ((notBefore || notSo) && TWICE.test(tail)) return false
  if (notBefore && notSo) return false
  return notBefore || notSo || [IS_NOT, NO_SUCH_THOUGHT, NONE_OF_IT, KNOWS_NOT].some((rule) => rule.test(tail))
}

export const isResolved = ({ tail }: Window): boolean => RESOLVED.test(tail)

/** Asked of somebody, advised, supposed: 어디 아프세요?, 불안하면 전화해, 식욕이 떨어질 수 있습니다. */
const HONOURS =
  /^.(?:하|되|이|으|스러우|우|롭|지)?(?:시(?![가-힣]{0,2}간)|세요|셔|십니|신다|신가|신지|셨|실까|실 때|실까요|시죠|시네)/u
const ADVICE = loosely(
  `(?:세요|십시오|해라|하렴|해 봐|하자|전화해|연락해|말해|드세요|보세요|마라|좋습니다|좋대|된대|돼요|됩니다|좋다던데|물어봐|쉬어|마셔 봐|먹어 봐)(?:[ .,?]|$)`,
)
const SUPPOSED = loosely(`^.(?:으|하|할|일|을)?(?: ?때(?:는|에는|엔|마다)?|면)[ ,]`)
const POSSIBLE = loosely(
  `^.(?:할|을|질)? ?수(?:도|가)? 있|^.(?:할|을|일)? 까 봐|^.(?:할|을|일)? ?까 ?(?:봐|걱정|무서|두려|겁)`,
)
const SELF =
  '(?:내가|제가|나는|난|나도|저는|저도|나만|저만|나보고|나더러|저보고|저더러|나한테|저한테|나를|저를|전|내 마음|내 맘|나 혼자|나 요즘|저 요즘)'
const OWN = new RegExp(`(?:^|[ ,])${SELF}(?:[ ,]|$)`, 'u')

export const isAsked = ({ mark, tail, before, phrase }: Window): boolean =>
  mark === '?' &&
  tail.length <= 5 &&
  !/왜|나 |내|저 |난|어떡|어쩌|언제|싶/u.test(before + phrase) &&
  !/[까나지노]$|는가$|은가$|을까요$/u.test(tail)
export const isHonoured = ({ tail }: Window): boolean => HONOURS.test(tail)
export const isSupposed = ({ tail }: Window): boolean =>
  POSSIBLE.test(tail) || (SUPPOSED.test(tail) && ADVICE.test(tail) && !/면 ?좋겠/u.test(tail))

const PERSON =
  '(?:엄마|아빠|어머니|아버지|어머님|아버님|할머니|할아버지|아들|딸|며느리|며늘아기|사위|손자|손녀|손주|남편|아내|집사람|마누라|영감|바깥양반|와이프|신랑|동생|언니|누나|오빠|형님|이모|고모|삼촌|외삼촌|조카|사촌|친구|이웃|옆집|앞집|윗집|아랫집|동료|선배|후배|팀장|사장|아이|애기|아기|아저씨|아주머니|아줌마|노인|어르신|누가|누군가|주인공|배우|가수|연예인|아이돌|강아지|고양이|막내|첫째|둘째|큰애|작은애|걔|얘|쟤|그이|그녀|그분|여자|남자|학생|직원|회장|환자들|자식|청년|손님|범인|피해자|영희|철수|순이|김씨|박씨|이씨|최씨|그 사람|어떤 사람|사람들|애들|애|장모|장인|시어머니|시아버지|시누이|올케|형|놈|그놈|양반)'
const OTHER_SUBJECT = new RegExp(
  `(?:^|[ ,])[가-힣]{0,4}?${PERSON}(?:들)?(?:이|가|은|는|께서|께서는|이가|도|네가|씨가|님이|님은|님이)?(?=[ ,]|$)`,
  'gu',
)
const PARTICLE = /(?:이|가|은|는|께서|께서는|도)$/u
/** A new clause begins after these; 드라마에서, 어머니 and 혼자 end in none. */
const CLAUSE_END =
  /(?:[가-힣](?:고|는데|은데|운데|한데|인데|던데|데도|지만|니까|면서|거든|려고|느라|길래|다가|더니|아도|어도|해도|워도|여도|이면|으면|라면|하면|다면|으며|하며|거나)|(?<!에)서|오면|가면|되면|나면|때문에|때문인지|덕분에|뒤로|후로|나서|는지)[ ,]|,/gu

/** What is said since the last clause ended. */
export function clauseOf(before: string): string {
  let from = 0
  for (const match of before.matchAll(CLAUSE_END)) from = match.index + match[0].length
  return before.slice(from)
}

/** What is said until the clause after the phrase's own ends, which says what it is for (번개탄 사서 캠핑 가자고), or until a comma. */
export function restOfClause(tail: string): string {
  let ends = 0
  for (const { 0: end, index } of tail.matchAll(CLAUSE_END)) {
    if (end.startsWith('고', 1) && /^[싶있]/.test(tail.slice(index + end.length))) continue
    ends += end.endsWith(',') ? 2 : 1
    if (ends >= 2) return tail.slice(0, index + end.length)
  }
  return tail
}

/** Whether somebody else is the subject, as far as a particle says so; one's own 나, 저 after it takes it back. */
export function aboutAnother(text: string): boolean {
  let other = -1
  for (const match of text.matchAll(OTHER_SUBJECT)) if (PARTICLE.test(match[0])) other = match.index
  return other >= 0 && !OWN.test(text.slice(other + 1))
}

/** 우울하대, 죽고 싶다더라, 우울증이래: what follows the stem quotes somebody. */
const QUOTED = loosely(
  `^.(?:는|ㄴ|었|았|였|겠|했|이|하|한|어|다|된|인)?(?:대(?=[요 .,?]|$)|댄다|댔|다네(?=[요 .,?]|$)|다더|다던|단다(?=[ .,?]|$)|답니다|다며|다면서|래(?=[요 .,?]|$)|래서|랬|라네|라더|라던|랍니다|란다(?=[ .,?]|$)|라며|라면서)`,
)
const QUOTED_SAYING = loosely(
  `^.(?:는|ㄴ|었|았|였|겠|했|이|하|한|다|된|인)?(?:다고|라고|다는 (?:말|얘기|소리)|자고|고) [^.?]{0,8}?(?:하|해|했|한|그러|그래|그랬|말하|말씀|얘기|전화|연락|들었|들리|울더|걱정하더|걱정했|고백|털어|나오)`,
)
const SENTENCE_QUOTES =
  /(?:대|대요|댄다|래|래요|다더라|다더라고|더라|더라고|더라고요|라더라|다네|다네요|라네|라네요|다던데|라던데|답니다|랍니다|다더군|단다|란다|다나 봐|대서)\s?$/u
const DOCTOR = /(?:의사|선생님|병원|한의원|원장|보건소|상담사|검사)/u
/** 외로워하다, 힘들어해요: how others feel; of oneself it is said only when 내가, 제가 stands by. */
const OTHERS_FEEL =
  /^[워해퍼파어려와]하(?=는|고|지|면|더|시|세|니|네|며|셔|기|신)|^[워해퍼파어려와](?:한다|합니다|해요|해서|했|하셔|해$|해[.,?])/u

/** 뉴스에서, 드라마 속, 책에 나온: told by what one has seen or read. */
const MEDIA =
  /(?:뉴스|드라마|연속극|영화|소설|책|방송|티비|테레비|텔레비전|tv|기사|신문|유튜브|다큐|다큐멘터리|웹툰|만화|라디오|동화|시집|연극|뮤지컬|노래|강의|강연|교육|수업|설교|프로그램)(?:를|을)?(?:에서|에서는|에선|에서도|에| ?속|마다| ?보니까?| ?보니깐| ?봤는데| ?봤더니| ?들으니)(?:[ ,가-힣]|$)/u
const FICTION = /주인공|장면|대사|등장인물|줄거리|결말|배역|가사|다룬|다루는/u

const ownAfterMedia = (before: string): boolean => {
  const at = before.search(MEDIA)
  return OWN.test(at < 0 ? before : before.slice(at))
}

const FINAL_R = 8
/** 자살할래, 그을래, 죽어 뿔란다: after a stem with ㄹ it is what somebody wants to do, not what somebody said (우울증이래). */
const isIntended = (tail: string): boolean =>
  (tail[1] === '래' || tail[1] === '란') &&
  isSyllable(tail.charCodeAt(0)) &&
  lettersOf(tail.charCodeAt(0)).final === FINAL_R

/** What is told of somebody else, or by somebody. */
export function isReported(window: Window, aboutOthers: boolean): boolean {
  const { before, tail, phrase, previous } = window
  if ((MEDIA.test(before) || FICTION.test(before + phrase) || FICTION.test(tail)) && !ownAfterMedia(before)) return true
  const byDoctor = DOCTOR.test(before) || DOCTOR.test(tail) || DOCTOR.test(previous)
  const another = aboutAnother(before)
  if (QUOTED.test(tail) && !isIntended(tail)) return another || !(byDoctor || OWN.test(before))
  if (QUOTED_SAYING.test(tail)) return another
  if (OTHERS_FEEL.test(tail) && !OWN.test(before)) return true
  if (another && SENTENCE_QUOTES.test(tail)) return true
  return !aboutOthers && aboutAnother(clauseOf(before))
}

const LONG_AGO = loosely(
  `(?:예전|옛날|작년|재작년|지난해|어릴|어렸|젊었|젊을|한때|한동안|그때|그 당시|당시|왕년|학생 때|학교 다닐|군대|[0-9일이삼사오육칠팔구십백몇수]+ ?년 ?전|몇 해 전|[0-9한두세몇]+ ?달 ?전|개월 전|지난달|지난겨울|지난여름|지난봄|지난가을|시절|적 ?(?:이|은|도) ?있|처음엔|처음에는|사춘기|옛적)`,
)
const STILL = /아직|지금도|여전히|다시|요즘도|요새도|또다시|또 |더 심해|이제는 더|요즘 또|그대로/u
const NOW = '(?:이제|지금|요즘|요새|요샌|이젠|현재|최근|오늘|근래)(?:은|는|엔|에는|에야)?'
const NOW_FINE = loosely(
  `${NOW}[^.?]{0,18}(?:괜찮|나아|나았|좋아|편안|편해|안 그래|안 그러|안 그렇|그렇지 않|그런 생각|없어|없지|잘 자|잘 먹|잘 지내|잘 살|멀쩡|살아|극복|사라|행복|재미|재밌|거뜬|안 아파|감사|씩씩|건강|끄떡|살 만|살만|웃)`,
)
const ENDURED = new RegExp(`^.{0,14}${NOW}`, 'u')

/** Whether the verb at the phrase, or a little on, is in the past tense; 겠 and 있 are no past. */
function toldInPast(phrase: string, tail: string): boolean {
  for (const cell of phrase.slice(-1) + tail.slice(1, 9))
    if (
      isSyllable(cell.charCodeAt(0)) &&
      cell !== '겠' &&
      cell !== '있' &&
      lettersOf(cell.charCodeAt(0)).final === FINAL_SS
    )
      return true
  return /^.(?:던|은 적|ㄴ 적| 적)/u.test(tail) || /적이? ?있/u.test(tail.slice(0, 14))
}

/** Told as over: long ago and not now, or before and fine now. What is `done` by nature is over only when it was long ago. */
export function isOver({ before, phrase, tail, previous, next, mark }: Window, done = false): boolean {
  if (STILL.test(before) || STILL.test(tail)) return false
  const since = before.search(new RegExp(`${NOW}[ ,]`, 'u'))
  const ago =
    LONG_AGO.test(before) || LONG_AGO.test(tail.slice(0, 16)) || (previous !== '' && LONG_AGO.test(previous.slice(-20)))
  const nowFine = NOW_FINE.test(tail.slice(1)) || (mark !== '?' && NOW_FINE.test(next) && ENDURED.test(next))
  if (!toldInPast(phrase, tail)) return ago && nowFine
  if (since >= 0 && !LONG_AGO.test(before.slice(since))) return false
  return ago || (nowFine && !done)
}
