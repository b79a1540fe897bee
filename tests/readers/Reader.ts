import { spawnSync } from 'node:child_process';
import type { Derivation } from '@modality-synthesis/engine';
import type { Subject } from './subjects';

/** What a program reads from a derived series; undefined where it does not report it. */
export interface Reading {
  PatientName?: string;
  StudyDescription?: string;
  SyntheticData?: string;
  /** Whether ContributingEquipmentSequence named (109100, DCM, "Synthesizing Equipment"). */
  synthesizingEquipment?: boolean;
  record?: Derivation;
  /** Columns, rows, slices. */
  size?: number[];
  /** Stored values slice by slice. */
  stored?: ArrayLike<number>;
  errors?: string[];
}

/** A program that reads DICOM. */
export interface Reader {
  name: string;
  /** Undefined where it is not installed. */
  version(): string | undefined;
  read(subject: Subject): Promise<Reading>;
  /** Stops what `read` started. */
  close?(): Promise<void>;
}

/** Output of a program, stdout and stderr; undefined where it is not installed. */
export function output(program: string, ...args: string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return error ? undefined : `${stdout}${stderr}`;
}

/** Little-endian 16-bit values. */
export function uint16(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(Uint8Array.from(bytes).buffer);
}
