import { Queue } from 'bullmq';
import type { Outcome, StudyJob } from '../StudyJob';

/** Name of the queue, unless another is given: two fleets on one Redis have two. */
export const QUEUE = 'modality-synthesis';

export interface QueueAddress {
  /** redis:// or rediss:// */
  redis: string;
  queue: string;
}

export type StudyQueue = Queue<StudyJob, Outcome>;

/** The queue for a command that somebody waits for: it gives up where Redis does not answer. */
export function openQueue({ redis, queue }: QueueAddress): StudyQueue {
  return new Queue<StudyJob, Outcome>(queue, {
    connection: { url: redis, maxRetriesPerRequest: 1, connectTimeout: 5000 },
    // Its errors come with the commands that fail.
  }).on('error', () => {});
}

/** Opens the queue for one command. */
export async function withQueue<T>(
  address: QueueAddress,
  use: (queue: StudyQueue) => Promise<T>,
): Promise<T> {
  const queue = openQueue(address);
  try {
    return await use(queue);
  } finally {
    await queue.close().catch(() => {});
  }
}
