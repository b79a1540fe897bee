export { WEB_CHOICES } from '../backends/Backend';
export { browserStore, type KeptModel } from './browserStore';
export { lookUpModel, type ModelPlace } from './lookUpModel';
export { WorkerExecutor } from './WorkerExecutor';
