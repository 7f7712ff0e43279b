import { setTimeout as delay } from 'node:timers/promises';

interface Server {
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** A server that is started again, on the same data and port, when it dies without being told to. */
export class KeptServer<S extends Server> {
  private stopping = false;

  private constructor(
    private readonly name: string,
    private readonly start: () => Promise<S>,
    private readonly say: (line: string) => void,
    public current: S,
  ) {}

  static async start<S extends Server>(name: string, start: () => Promise<S>, say: (line: string) => void): Promise<KeptServer<S>> {
    const kept = new KeptServer(name, start, say, await start());
    void kept.watch();
    return kept;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.current.stop();
  }

  private async watch(): Promise<void> {
    for (;;) {
      const how = await this.current.exited;
      if (this.stopping) return;
      this.say(`${this.name} died (${how}); starting it again`);
      await delay(1_000);
      if (this.stopping) return;
      try {
        this.current = await this.start();
        this.say(`${this.name} runs again`);
      } catch (error) {
        this.say(`${this.name} could not be started again: ${error instanceof Error ? error.message : String(error)}`);
        return;
      }
    }
  }
}
