import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { output, type Reader, uint16 } from './Reader';

/** NIfTI-1 header: dim[1..3] at 42, vox_offset at 108. */
const DIMS = [42, 44, 46];
const OFFSET = 108;

/** DICOM to NIfTI converter; Debian package dcm2niix. */
export const dcm2niix: Reader = {
  name: 'dcm2niix',
  version: () => /version (v[\d.]+)/.exec(output('dcm2niix', '--version') ?? '')?.[1],
  async read({ folder }) {
    const out = await mkdtemp(path.join(os.tmpdir(), 'readers-dcm2niix-'));
    try {
      const said =
        output('dcm2niix', '-b', 'y', '-ba', 'n', '-z', 'n', '-o', out, '-f', 'made', folder) ?? '';
      const names = await readdir(out);
      const nifti = await readFile(path.join(out, names.find(n => n.endsWith('.nii'))!));
      const sidecar = JSON.parse(
        await readFile(path.join(out, names.find(n => n.endsWith('.json'))!), 'utf8'),
      );
      const size = DIMS.map(at => nifti.readInt16LE(at));
      const [columns, rows, slices] = size;
      const values = uint16(nifti.subarray(nifti.readFloatLE(OFFSET)));
      // NIfTI has the rows in reverse order.
      const stored = new Uint16Array(values.length);
      for (let k = 0; k < slices; k++) {
        for (let j = 0; j < rows; j++) {
          const from = columns * (rows - 1 - j + rows * k);
          stored.set(values.subarray(from, from + columns), columns * (j + rows * k));
        }
      }
      const { PatientName } = sidecar;
      return {
        PatientName,
        size,
        stored,
        errors: said.split('\n').filter(line => /^(Warning|Error)/.test(line)),
      };
    } finally {
      await rm(out, { recursive: true });
    }
  },
};
