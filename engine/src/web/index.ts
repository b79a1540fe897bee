export { WEB_CHOICES } from '../backends/Backend';
export { lookUpModel, type ModelPlace } from './lookUpModel';
export { WorkerExecutor } from './WorkerExecutor';
