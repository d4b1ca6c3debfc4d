import type { CueLexicon } from './entry.ts'

const FOCUS = ['PHQ-9:7']

export const concentration: CueLexicon = {
  cue: 'concentration',
  entries: [
    {
      say: `
        집중 안/못/어렵~/힘들~/하기가/되지, 집중력 없~/떨어지~/바닥/안/흐려지~/짧~/나쁘~,
        집중을/집중이 안/못/잘+안/못/되지, 몰두 못/안, 정신집중 안`,
      strength: 2,
      items: FOCUS,
      unless: '집중호우, 집중 호우',
      example: '책을 읽어도 집중이 안 돼요.',
    },
    {
      say: `
        글자/글씨/글/책이/신문이/뉴스가/내용이/드라마가/말이/설교가/이야기가/티비가 .. 눈에/머리에/귀에/머릿속에 안/들어오지,
        눈에 안+들어오~, 머리에 안+들어오~, 머리에 안 남~, 귀에 안+들어오~, 머리에 들어오지, 눈에 들어오지,
        귀에 들어오지, 내용 하나도/통/전혀/도통 안/모르~/들어오지,
        무슨 내용/말/소리/얘기/이야기인지 .. 안/모르~/들어오지, 무슨 내용인지 .. 모르~/안,
        무슨 말인지 .. 모르~/안, 같은 줄/문장/쪽/페이지/구절 몇/자꾸/계속/또/여러, 한/두 장 .. 못+읽~/넘기~,
        한 줄 못+읽~, 한 쪽 못+읽~, 읽어도 .. 모르~/안/무슨, 읽다 덮~`,
      strength: 2,
      items: FOCUS,
      unless: '어두워, 안경, 눈이 나빠, 노안, 작아서, 어려워서, 영어',
      example: '글자가 눈에 안 들어와.',
    },
    {
      say: '일/일이/아무것도/아무+일도/공부가/공부/바느질이/살림이 손 안+잡히~, 손에 안+잡히~, 손에 잡히지, 일손 안',
      strength: 2,
      items: ['PHQ-9:7'],
      example: '일이 손에 잡히지 않아요.',
    },
    {
      say: `
        딴생각, 딴+생각, 잡생각, 잡념, 오만 생각, 온갖 생각, 오만가지, 별생각 다, 생각 꼬리, 생각이 많~,
        머릿속/머리가/머리 복잡하~/하얗~/하얘지~/뒤죽박죽/엉망/안+돌아가~/멍하~/텅/뿌옇~/백지/안개/굳~,
        정신 산만하~/사납~/없~ 아무/딴+데/흩어지~/하나도, 산만하~`,
      strength: 1,
      items: FOCUS,
      unless: '복잡한 길, 바빠서, 축제',
      example: '자꾸 딴생각만 나요.',
    },
    {
      say: `
        멍하~, 멍때리~, 멍 때리~, 멍하니, 넋 놓~/나가~/빠지~/잃~, 넋+나가~,
        정신 딴 데/멍하~/안+차려지~/흐리~/몽롱하~/나가~/빠지~, 몽롱하~, 머릿속 안개, 안개 낀, 머리가 안+돌아가~,
        머리 안+돌아가~`,
      strength: 2,
      items: FOCUS,
      unless: '불멍, 바다 보며, 밤하늘',
      example: '하루 종일 멍하니 앉아 있어요.',
    },
    {
      say: `
        결정 못/어렵~/힘들~/안, 결정을 못/내리지, 결정하기 힘들~/어렵~, 판단 안/못/흐려지~, 판단력, 갈팡질팡,
        우유부단, 사소한 것도 못, 선택 못, 말귀 못/안, 하던 말 놓치~, 대화 못 따라가~, 말을 놓치~,
        실수 자꾸/많아지~/잦아지~, 자꾸 실수, 실수가 늘~, 엉뚱한 실수`,
      strength: 1,
      items: FOCUS,
      unless: '메뉴, 여행지, 위원회',
      example: '사소한 일도 결정을 못 하겠어요.',
    },
    {
      say: `
        cant/cannot/dont/trouble concentrat~/focus~, trouble concentrating, hard to concentrate/focus,
        cant/cannot/couldnt .. concentrate/focus, no concentration, poor concentration, brain fog, foggy,
        mind goes/went blank, mind .. wandering/wanders, distracted, cant think straight, cant think clearly,
        read the same line/page, lose focus, cant make decisions, cant decide`,
      strength: 2,
      items: FOCUS,
      unless: 'foggy day, foggy morning, weather',
      example: "I can't concentrate on the newspaper.",
    },
  ],
}
