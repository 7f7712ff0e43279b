type Listener = (line: string) => void;

let listener: Listener = (line) => void process.stderr.write(`${line}\n`);

/** Tells the person who waits what is being fetched or started. Standard error by default: standard output belongs to the caller. */
export function progress(line: string): void {
  listener(line);
}

/** `npm start` shows these lines in its own list. */
export function onProgress(next: Listener): void {
  listener = next;
}
