/** A call that must answer: what was tried stands in the error, and no answer is waited for longer than ten seconds. */
export async function callJson<T>(what: string, url: string, init: RequestInit = {}): Promise<T> {
  const { status, text } = await call(what, url, init);
  if (status >= 300) throw new Error(`${what} failed: ${init.method ?? 'GET'} ${new URL(url).pathname} answered ${status} ${text.slice(0, 200)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Like `callJson`, for callers to whom a status is an answer. */
export async function call(what: string, url: string, init: RequestInit = {}): Promise<{ status: number; text: string; headers: Headers }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, text: await response.text(), headers: response.headers };
  } catch (error) {
    throw new Error(`${what} failed: ${init.method ?? 'GET'} ${url} (${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)})`, { cause: error });
  }
}

export const asJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
