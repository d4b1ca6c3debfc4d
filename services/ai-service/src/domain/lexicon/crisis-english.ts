import type { CrisisLexicon } from './entry.ts'

const ITEM = ['PHQ-9:9']

/** English beyond the set phrases: being a burden, joining the dead, sleep, an end. */
export const crisisEnglishConcern: CrisisLexicon = {
  level: 'concern',
  entries: [
    {
      say: `
        wish/hope/hoping/pray/prayed/praying/would+rather/better/nice/mind .. not/dont/didnt/never/wouldnt/could+just/wont/to .. wake+up/waking+up/open+my+eyes/stop+breathing/stop+existing/cease+to/fade+away/slip+away/drift+off+forever/be+gone/go+to+sleep+and,
        go+to+sleep/fall+asleep/close+my+eyes .. and .. never/not/dont .. wake+up/open+them/wake,
        wish/want/hope/hoping/ready/time/waiting .. lord/god/jesus/angels/he .. take/took/takes/call/calls/called .. me,
        see/ready+to+see/be+with/join/joining/reunited+with/go+to/meet .. my+late/my+dead/in+heaven/on+the+other+side/up+there/in+the+grave/who+died,
        ready/want/time .. to .. go+be+with/meet+my+maker/leave+this+world/leave+this+earth/go+home+to+god/be+done+with+life/let+go+of+life/check+out+of+life,
        i+want/i+just+want/i+wanna/i+need/id+like/i+would+like/i+wish+i+could .. to+disappear/to+vanish/to+cease/to+stop+existing/to+fade+away/to+not+exist/to+not+be+here/to+sleep+forever/to+be+dead/to+be+gone/it+all+to+stop/the+pain+to+end/everything+to+stop/vanish/disappear+forever/to+end+this+pain,
        dont/cant/cannot/do+not .. see/have/find/think+of .. reason/point/purpose .. keep+going/going+on/to+go+on/carry+on/living/to+live/being+here/to+be+here/being+alive/stay+alive,
        no/not/nothing/little/what/whats/cant .. reason/point/purpose/worth/use .. going+on/to+go+on/carry+on/carrying+on/keep+living/living/being+alive/being+here/staying+alive/stay+alive/to+live/to+be+here,
        tired/sick/weary/exhausted .. of .. being+alive/living/life/existing/being+here/this+life/breathing/waking+up+every, outlived my/usefulness/everyone, overstayed my .. life/world/earth`,
      strength: 2,
      items: ITEM,
      unless:
        'alarm, monday, the baby, neighbours, neighbors, movie, film, vacation, holiday, living room, cost of living, new living, living in this, living with',
      aboutOthers: true,
      example: 'I go to bed hoping I never have to open my eyes and wake up.',
    },
    {
      say: `
        everybody/everyone/family/kids/children/they/them/world/people/you/wife/husband/son/daughter .. better+off/happier/relieved/easier/free .. without+me/if+i/when+i/once+i/with+me+gone/not+here,
        burden/weight/nuisance/dead+weight/drain/trouble .. on/to/for .. family/kids/children/everyone/everybody/son/daughter/wife/husband/them .. die/gone/end/go/leave/disappear/not+be+here/without+me,
        nobody/no+one/noone/who/anyone/not+a+soul .. would+notice/would+care/would+miss/notice/miss+me/care/cry .. if+i/when+i/i+was/i+were/gone/me,
        if+i/once+i/when+i/after+i .. die/died/disappeared/were+gone/am+gone/was+gone/vanished/jumped/didnt+wake .. better/care/notice/miss/sad/relieved/matter/over,
        cant/cannot/dont+know+how+much+longer/dont+know+how+long/not+sure+how+much+longer .. go+on/keep+going/hold+on/hang+on/carry+on/do+this+anymore/take+this+anymore/bear+this/live+like+this/face+another+day/face+tomorrow,
        im+done/i+am+done/ive+had+enough/i+have+had+enough/i+give+up .. living/life/with+life/fighting/with+everything/with+this+world/of+this+world/of+life/on+life,
        shouldnt/should+not/never .. have+been+born/been+born/be+alive/be+here+anymore, wish my .. heart/life .. stop/stopped/end/over, hoping .. car/truck/bus .. hits/hit+me, stop+taking/stopped+taking/quit+taking my+medicine/my+meds/my+pills/my+medication .. die/go/over/end/nature`,
      strength: 2,
      items: ITEM,
      unless:
        'movie, film, vacation, holiday, dishes, gym, workout, diet, exam, homework, traffic, running, marathon, spicy, game, cooking, cleaning, party, class',
      aboutOthers: true,
      example: 'My family would be happier without me around.',
    },
  ],
}

export const crisisEnglishImmediate: CrisisLexicon = {
  level: 'immediate',
  entries: [
    {
      say: `
        want/going/gonna/plan/planning/decided/tempted/ready/about/thinking+of/thinking+about .. kill/killing/end/ending/hang/hanging/hurt/hurting/cut/cutting/shoot/shooting/drown/drowning/starve/starving/poison/poisoning .. myself/my+life/my+own+life/it+all/it+tonight/my+wrists,
        take/took/taking/swallow/swallowed/swallowing .. all+my+pills/all+the+pills/whole+bottle/bottle+of+pills/too+many+pills/all+of+my+medication/all+my+medication/every+pill,
        saved/saving/hoarding/hoarded/stockpiled/collected/collecting/stash .. pills/medication/tablets/sleeping+tablets,
        jump/jumping/step/stepping/walk/walking/throw/throwing/drive/driving .. off+a+bridge/off+the+bridge/off+the+roof/off+a+building/off+a+cliff/in+front+of+a+train/in+front+of+a+bus/in+front+of+a+car/into+traffic/into+the+sea/into+the+river/into+a+tree/off+the+edge/myself+off,
        rope/noose/gun/razor/blade/pesticide/knife .. ready/around+my+neck/to+my+head/my+wrist/my+wrists/to+end/bought,
        written/wrote/writing/left .. goodbye+letter/goodbye+note/goodbye+letters/farewell+letter/my+will/final+letter/last+letter/note+for+my+family,
        giving+away/gave+away/given+away .. my+things/my+belongings/my+stuff/everything+i+own/all+my,
        by+the+time+you+read+this/when+you+read+this/wont+be+here+tomorrow/wont+be+around+tomorrow/wont+be+alive/this+is+my+last/you+wont+see+me+again/youll+never+see+me+again/goodbye+everyone/goodbye+world/farewell+everyone/forgive+me+for+leaving/sorry+for+leaving+you/tell+my+kids+i+love/look+after+my+kids/take+care+of+my+dog+when/put+my+affairs+in+order/affairs+are+in+order/made+a+plan+to+die/picked+a+date/set+a+date+to`,
      strength: 2,
      items: ITEM,
      unless:
        'movie, film, game, charity, decluttering, moving house, moving out, bungee, pool, wedding, cooking, hair, farewell party, meeting, birthday, kitchen, vegetables, cut down, in half, cut my hair, cut back',
      aboutOthers: true,
      example: 'I have been saving my sleeping tablets to end it all.',
    },
  ],
}
