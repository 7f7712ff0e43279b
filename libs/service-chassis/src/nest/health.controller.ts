import { Controller, Get, Header, Inject, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult, type HealthIndicatorResult } from '@nestjs/terminus';
import type { Check } from '../check.js';
import { loopsCheck } from '../loop.js';
import { metrics } from '../metrics.js';

export interface ServiceHealth {
  /** The process itself and its loops, no external system: a failing one is restarted. */
  readonly live: readonly Check[];
  /** What the service needs to take work: a failing one gets no traffic. */
  readonly ready: readonly Check[];
}

/** Filled once the application stands, because checks usually come from its objects. */
export class HealthChecks {
  live: readonly Check[] = [loopsCheck];
  ready: readonly Check[] = [{ name: 'started', check: async () => ({ healthy: this.started }) }];
  private started = false;

  use(health: ServiceHealth): void {
    this.live = [loopsCheck, ...health.live];
    this.ready = [...this.ready, ...health.ready];
    const names = this.all().map(({ name }) => name);
    const double = names.find((name, at) => names.indexOf(name) !== at);
    // One answer would hide the other.
    if (double !== undefined) throw new Error(`two health checks are named ${double}`);
  }

  all(): readonly Check[] {
    return [...new Set([...this.live, ...this.ready])];
  }

  /** Not ready before everything was started, nor once the end has begun. */
  setStarted(started: boolean): void {
    this.started = started;
  }
}

/** A check that hangs is a failed check: probes have a short time limit of their own. */
const CHECK_LIMIT_MS = 2_000;

@Controller()
export class HealthController {
  constructor(
    @Inject(HealthChecks) private readonly checks: HealthChecks,
    @Inject(HealthCheckService) private readonly terminus: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
  ) {}

  @Get('health/live')
  @Header('Cache-Control', 'no-store')
  live(): Promise<HealthCheckResult> {
    return this.answer(this.checks.live);
  }

  @Get('health/ready')
  @Header('Cache-Control', 'no-store')
  ready(): Promise<HealthCheckResult> {
    return this.answer(this.checks.ready);
  }

  @Get('health')
  @Header('Cache-Control', 'no-store')
  everything(): Promise<HealthCheckResult> {
    return this.answer(this.checks.all());
  }

  @Get('metrics')
  @Header('Content-Type', metrics.registry.contentType)
  metrics(): Promise<string> {
    return metrics.registry.metrics();
  }

  private answer(checks: readonly Check[]): Promise<HealthCheckResult> {
    return this.terminus.check(checks.map((check) => () => this.ask(check))).then((result) => {
      // Terminus answers 200 while it shuts down; new work should go elsewhere then.
      if (result.status === 'shutting_down') throw new ServiceUnavailableException(result);
      return result;
    });
  }

  private async ask({ name, check }: Check): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_LIMIT_MS} ms`)), CHECK_LIMIT_MS);
      });
      const { healthy, details = {} } = await Promise.race([check(), late]);
      // `status` is terminus' own word.
      const said = 'status' in details ? { ...details, status: undefined, state: details['status'] } : details;
      return healthy ? indicator.up(said) : indicator.down(said);
    } catch (error) {
      return indicator.down({ message: error instanceof Error ? error.message : String(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}
