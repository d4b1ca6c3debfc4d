/** What a child of tests can be told to do. */
export type Behaviour = 'speak' | 'loop' | 'hang' | 'grow' | 'die' | 'illegal' | 'unsupported' | 'unusable'

export const SAID = '오늘은 날씨가 좋네요.'
