import { type LocalFleet, passed } from '@modality-synthesis/fleet/testing/localFleet';
import { familyOf, othersDuring, residentMemory } from './processes';

/** Between two samples, ms. */
const INTERVAL = 100;
const QUEUE = 'memory';

/** Largest resident memory of one worker and of its engine while it completed each study, MiB. */
export interface MemoryFigures {
  worker: number[];
  engine: number[];
  /** Cores that other processes of the machine kept busy. */
  others: number;
}

/** One worker completes the studies of a fleet, one after another. */
export async function measureMemory(fleet: LocalFleet): Promise<MemoryFigures> {
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
        const [, ...family] = familyOf(pid!);
        own.push(residentMemory(pid!));
        children.push(family.reduce((sum, child) => sum + residentMemory(child), 0));
        await passed(INTERVAL);
        if (n % 5 === 4) now = await finishedStudies(fleet);
      }
      for (; done < now; done++) {
        worker.push(Math.max(...own));
        engine.push(Math.max(...children));
      }
      if (done % 20 === 0) console.log(`${done} studies: ${worker.at(-1)} MiB, engine ${engine.at(-1)} MiB`);
    }
  });
  return { worker, engine, others };
}

async function finishedStudies(fleet: LocalFleet): Promise<number> {
  const { counts } = await fleet.status(QUEUE);
  return counts.made + counts.present + counts.refused + counts.failed;
}
