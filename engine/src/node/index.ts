export { type Options, parseArguments } from './arguments';
export { main } from './cli';
export type { StudyOutcome } from './fileJob';
export { type JsonReport, jsonReport } from './JobReport';
export { type JobModel, jobModel } from './jobModel';
export { type FileSeries, type FileStudy, readStudy } from './readStudy';
export { readVolume } from './readVolume';
export { StageClock } from './StageClock';
export { synthesizeStudy } from './synthesizeStudy';
