/**
 * Something the person at the keyboard can mend: the message is one line that says what failed
 * and what to do. `npm start` prints it without a stack.
 */
export class LocalServerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LocalServerError';
  }
}
