export { type Options, parseArguments } from './arguments';
export { main } from './cli';
export type { StudyOutcome } from './fileJob';
export { type JsonReport, jsonReport } from './JobReport';
export { type FileSeries, type FileStudy, readStudy } from './readStudy';
export { readVolume } from './readVolume';
export { synthesizeStudy } from './synthesizeStudy';
