/** An event lacks what its type says, and will whenever it is read again: who consumes it does not try it again. */
export class MalformedEvent extends TypeError {
  override readonly name = 'MalformedEvent'
}
