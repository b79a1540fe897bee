/** Memory and processor time of processes, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Of utime and stime, a second; the same on every Linux that Node runs on. */
const TICKS = 100;

/** A process and all that it started, itself first. */
export function familyOf(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task`, folder => readdirSync(folder).join(' '))
    .split(' ')
    .filter(Boolean)
    .flatMap(thread => textOf(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean));
  return [pid, ...children.flatMap(child => familyOf(Number(child)))];
}

/** "node", "Orthanc", "redis-server"; '' of a process that has ended. */
export const nameOf = (pid: number): string => textOf(`/proc/${pid}/comm`).trim();

/** The engine of a worker, which has a process that compiles besides; 0 where there is none. */
export function engineOf(worker: number): number {
  return familyOf(worker).find(pid => pid !== worker && nameOf(pid) !== 'esbuild') ?? 0;
}

/** Resident memory, MiB; 0 of a process that has ended. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** Processor time so far of a process and those that it waited for, s. */
export function processorSeconds(pid: number): number {
  // After the name, which may have spaces, field 3 comes first; 14 to 17 are utime, stime, cutime, cstime.
  const fields = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** Processor time so far of the whole machine without this process's family, s, of all cores. */
export function othersSeconds(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const own = familyOf(process.pid).reduce((sum, pid) => sum + processorSeconds(pid), 0);
  return (user + nice + system + irq + softirq) / TICKS - own;
}

/** Cores that others kept busy from one moment to another, on average. */
export async function othersDuring<T>(task: () => Promise<T>): Promise<{ result: T; others: number }> {
  const [began, before] = [performance.now(), othersSeconds()];
  const result = await task();
  const seconds = (performance.now() - began) / 1000;
  const others = (othersSeconds() - before) / seconds;
  return { result, others: Math.min(availableParallelism(), Math.max(0, others)) };
}

/** '' of what is no more. */
function textOf(path: string, read = (file: string) => readFileSync(file, 'utf8')): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}
