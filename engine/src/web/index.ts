export { WEB_CHOICES } from '../backends/web';
export { lookUpModel, type ModelPlace } from './lookUpModel';
export { WorkerExecutor } from './WorkerExecutor';
