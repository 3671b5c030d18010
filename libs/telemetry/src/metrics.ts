import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The metrics of one service instance. Its registry is its own, because one process may host several
 * services. Asking twice for a name gives the same metric.
 */
export class Metrics {
  readonly #registry = new Registry();

  constructor(service: string) {
    this.#registry.setDefaultLabels({ service });
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return this.#known<Counter>(name) ?? new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  /** @param read called when the metrics are asked for; sets the gauge */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    read?: (gauge: Gauge) => void | Promise<void>,
  ): Gauge {
    const known = this.#known<Gauge>(name);
    if (known) return known;
    return new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      ...(read
        ? {
            collect: async function (this: Gauge) {
              await read(this);
            },
          }
        : {}),
    });
  }

  /** In seconds, from 1 ms to 30 s. */
  histogram(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    buckets: number[] = SECONDS,
  ): Histogram {
    return (
      this.#known<Histogram>(name) ??
      new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] })
    );
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  close(): void {
    this.#registry.clear();
  }

  #known<M>(name: string): M | undefined {
    return this.#registry.getSingleMetric(name) as M | undefined;
  }
}
