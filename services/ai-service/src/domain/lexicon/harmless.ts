/**
 * What makes the words of a crisis harmless, by the part of life that they come from; for `unless` and `after`. A word of daily life that only stands near takes
 * nothing back (농사 빚에 살고 싶지 않다): a noun counts as what is spoken of, with a particle or with what is done to it.
 */

const spokenOf = (nouns: string, rest: string): string =>
  nouns
    .split(', ')
    .flatMap((noun) => rest.split('/').map((one) => noun + one))
    .join(', ')

export const TRAVEL =
  '여행, 휴가, 출장, 캠핑, 소풍, 나들이, 비행기, 기차, 버스, 공항, 제주, 해외, 호텔, 숙소, 놀러, 관광, 등산, 산책, 드라이브, 단풍, 꽃구경, 유학, 이민, 갔다 올, 다녀올, 갔다올, 며칠 다녀'
/** Words that show that 가다 or 데려가다 is a journey. */
export const JOURNEY =
  '집에, 여행, 고향에, 버스, 병원에 데려, 학교, 놀러, 마트, 차로, 퇴근, 화장실, 시장에, 유치원, 강아지, 데리러, 공원, 온천, 놀이공원, 동물원, 치과, 은행, 식당, 맛집, 경로당, 복지관, 회관, 교회, 성당에, 절에 가, 출근, 비행기, 기차, 공항, 휴가, 소풍, 미용실, 목욕탕'
/** For `after` only: what is finished right behind it (숙제 다 끝내고 싶다). */
export const TASKS =
  '숙제, 과제, 회의, 집안일, 오늘 일, 설거지, 프로젝트, 청소, 공사, 업무, 김장, 수업, 시험, 공부, 마감, 보고서, 발표, 빨래, 원고, 논문, 촬영, 방송, 게임, 다이어트, 운동, 근무, 야근, 작업, 농사, 추수, 모내기, 벌초, 이사'
/** What one is busy with: 논문을, 논문 다 끝내고, not 논문 접고. */
export const WORK = `일을 끝내, 일 끝내, 이 회의, 이 수업, 이 시험, 이 과제, 이 공사, ${spokenOf(
  TASKS,
  '을/를/이/가/은/는/도/만/부터/ 다/ 좀/ 빨리/ 얼른/ 이제/ 그만/ 끝/ 마치/ 마무리/ 오늘/ 내일/하고/할/해',
)}`
export const SCREEN =
  '드라마, 영화, 소설, 웹툰, 만화, 연극, 뮤지컬, 게임, 노래, 가사, 주인공, 캐릭터, 배우, 뉴스, 책에서, 다큐, 유튜브, 예능, 작가, 공연, 콘서트'
export const JOBS =
  '퇴사, 이직, 회사, 직장, 사표, 이혼, 헤어지, 갈라서, 이사, 전학, 졸업, 은퇴, 퇴직, 휴학, 자퇴, 알바, 학원'
/** What dies without being a person, as the one that does. */
export const CREATURES = spokenOf(
  '모기, 벌레, 바퀴, 바퀴벌레, 파리, 개미, 쥐새끼, 잡초, 나무, 화분, 꽃, 금붕어, 물고기, 배터리, 핸드폰, 컴퓨터, 식물, 토마토, 고추',
  '이/가/은/는/도/을/를/들/ 다/ 또/ 좀/ 곧/ 금방',
)
export const KITCHEN =
  '요리, 김장, 채소, 과일, 고기, 생선, 김치, 양파, 썰, 도마, 반찬, 사과, 수박, 부엌, 주방, 무가, 마트, 깎, 삼겹살, 회를, 닭, 두부'
/** After these 죽다 says only how much: 배고파 죽겠다. */
export const VERY =
  '배고파, 배고파서, 배가 고파, 배가 고파서, 더워, 더워서, 추워, 추워서, 웃겨, 웃겨서, 졸려, 졸려서, 심심해, 심심해서, 귀여워, 귀여워서, 예뻐, 이뻐, 좋아, 좋아서, 궁금해, 궁금해서, 매워, 매워서, 짜증 나, 짜증나, 짜증 나서, 아까워, 아까워서, 창피해, 창피해서, 쪽팔려, 쪽팔려서, 부끄러워, 부러워, 바빠, 바빠서, 무거워, 시끄러워, 시끄러워서, 간지러워, 배불러, 배불러서, 급해, 마려워, 가려워, 떨려, 신나, 얄미워, 맛있어, 맛있어서, 목말라, 뜨거워, 재밌어, 반가워, 고소해'
