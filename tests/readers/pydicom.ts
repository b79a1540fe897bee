import { spawnSync } from 'node:child_process';
import { DOMAINS, METHODS, readRecord } from '@modality-synthesis/engine';
import { output, type Reader, uint16 } from './Reader';

/** A Python with pydicom: PYTHON, else python3, else a virtual environment of this repository. */
export const pythonWithPydicom = [
  process.env.PYTHON,
  'python3',
  '.venv/bin/python',
  'models/training/.venv/bin/python',
].find(program => program && spawnSync(program, ['-c', 'import pydicom']).status === 0);

const SCRIPT = `
import base64, json, sys, pydicom
images = [pydicom.dcmread(f) for f in sys.argv[1:]]
first = images[0]
print(json.dumps({
    'PatientName': str(first.PatientName),
    'StudyDescription': first.StudyDescription,
    'SyntheticData': first[0x0008001C].value,
    'purpose': first.ContributingEquipmentSequence[0].PurposeOfReferenceCodeSequence[0].CodeValue,
    'parameters': first[0x00221612].value[0].AlgorithmParameters,
    'size': [first.Columns, first.Rows, len(images)],
    'pixels': base64.b64encode(b''.join(d.PixelData for d in images)).decode(),
}))`;

/** Attributes to read; one of a sequence item: `SourceImageSequence[0].ReferencedFrameNumber`. */
export function pydicomAttributes(file: string, attributes: readonly string[]): unknown[] {
  const script = `
import json, sys, pydicom
image = pydicom.dcmread(sys.argv[1])
print(json.dumps([eval('image.' + attribute) for attribute in sys.argv[2:]], default=list))`;
  const { stdout } = spawnSync(pythonWithPydicom!, ['-c', script, file, ...attributes], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

/** `pip install -e 'models/training[test]'` brings it. */
export const pydicom: Reader = {
  name: 'pydicom',
  version: () =>
    pythonWithPydicom &&
    output(pythonWithPydicom, '-c', 'import pydicom; print(pydicom.__version__)')?.trim(),
  async read({ files }) {
    const { stdout, stderr } = spawnSync(pythonWithPydicom!, ['-c', SCRIPT, ...files], { encoding: 'utf8' });
    const { purpose, parameters, pixels, ...rest } = JSON.parse(stdout);
    return {
      ...rest,
      synthesizingEquipment: purpose === '109100',
      record: readRecord(
        { DerivationAlgorithmSequence: [{ AlgorithmParameters: parameters }] },
        METHODS,
        DOMAINS,
      ),
      stored: uint16(Buffer.from(pixels, 'base64')),
      errors: stderr.split('\n').filter(Boolean),
    };
  },
};
