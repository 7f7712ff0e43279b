/** The source shows an older state than we know: nothing may be published until a person has decided. */
export class OlderState extends Error {
  override readonly name = 'OlderState';
}

/** Another replica took over: this tenure ends, nothing of it may be saved any more. */
export class TenureLost extends Error {
  override readonly name = 'TenureLost';
}
