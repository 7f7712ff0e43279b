/** What the global set-ups hand to the tests. */
declare module 'vitest' {
  interface ProvidedContext {
    mongodbUri: string;
    kafkaBrokers: string;
  }
}

export {};
