/**
 * How every collection here is written: unknown fields are refused, and while MongoDB isn't reached a statement fails after two
 * seconds (mongoose would keep it for ten), so that a person gets an answer and a loop its turn.
 */
export const STORED = { versionKey: false, strict: 'throw', bufferTimeoutMS: 2_000 } as const;
