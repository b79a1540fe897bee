import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalFleet } from '@modality-synthesis/fleet/testing/localFleet';
import { engineOf, othersDuring, residentMemory } from './processes';

/** Between two samples, ms. */
const INTERVAL = 200;
const QUEUE = 'memory';

/** Largest resident memory of one worker and of its engine while it completed each study, MiB. */
export interface MemoryFigures {
  worker: number[];
  engine: number[];
  /** Cores that other processes of the machine kept busy. */
  others: number;
}

/**
 * One worker completes the studies of a fleet, one after another.
 * @param onPart called with what is known, now and then
 */
export async function measureMemory(
  fleet: LocalFleet,
  onPart: (figures: Omit<MemoryFigures, 'others'>) => void,
): Promise<MemoryFigures> {
  await fleet.submit(QUEUE);
  const { pid } = fleet.startWorker(QUEUE, 60);
  const worker: number[] = [];
  const engine: number[] = [];
  const { others } = await othersDuring(async () => {
    for (let [done, all] = [0, fleet.studies.length]; done < all; ) {
      // Sampled until the next study is done.
      const [own, children] = [[0], [0]];
      let now = done;
      for (let n = 0; now === done; n++) {
        own.push(residentMemory(pid!));
        children.push(residentMemory(engineOf(pid!)));
        await sleep(INTERVAL);
        if (n % 5 === 4) now = (await fleet.counts(QUEUE)).done;
      }
      for (; done < now; done++) {
        worker.push(Math.max(...own));
        engine.push(Math.max(...children));
      }
      if (done % 10 === 0) onPart({ worker, engine });
    }
  });
  return { worker, engine, others };
}
