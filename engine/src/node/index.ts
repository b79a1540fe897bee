export { NODE_PROVIDERS, type NodeProvider, type Options, parseArguments } from './arguments';
export { main } from './cli';
export { type JsonReport, jsonReport } from './JobReport';
export { type FileSeries, type FileStudy, readStudy } from './readStudy';
export { readVolume } from './readVolume';
export type { StudyOutcome } from './studyJob';
export { synthesizeStudy } from './synthesizeStudy';
