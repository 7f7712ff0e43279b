import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

interface MetricOptions<Label extends string> {
  /** Base units: `…_seconds`, `…_total`. No ids in labels. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

const registry = new Registry();
let withProcess = false;

/** One registry per process. Asking twice for a name gives the same metric, so a module can be built again in a test. */
export const metrics = {
  registry,
  counter: <Label extends string = never>(options: MetricOptions<Label>): Counter<Label> => existing(options.name, Counter<Label>) ?? new Counter<Label>(own(options)),
  gauge: <Label extends string = never>(options: MetricOptions<Label> & { readonly collect?: (this: Gauge<Label>) => void | Promise<void> }): Gauge<Label> =>
    existing(options.name, Gauge<Label>) ?? new Gauge<Label>({ ...own(options), ...(options.collect === undefined ? {} : { collect: options.collect }) }),
  histogram: <Label extends string = never>(options: MetricOptions<Label> & { readonly buckets?: number[] }): Histogram<Label> =>
    existing(options.name, Histogram<Label>) ?? new Histogram<Label>({ ...own(options), ...(options.buckets === undefined ? {} : { buckets: options.buckets }) }),
  /** Memory, event loop and garbage collection of the process. */
  collectProcess(): void {
    if (!withProcess) collectDefaultMetrics({ register: registry });
    withProcess = true;
  },
};

function own<Label extends string>(options: MetricOptions<Label>): { name: string; help: string; labelNames: readonly Label[]; registers: Registry[] } {
  return { name: options.name, help: options.help, labelNames: options.labelNames ?? [], registers: [registry] };
}

function existing<Metric extends object>(name: string, kind: new (...options: never[]) => Metric): Metric | undefined {
  const found = registry.getSingleMetric(name);
  if (found === undefined) return undefined;
  if (found instanceof kind) return found;
  throw new Error(`metric ${name} exists already, as another kind`);
}
