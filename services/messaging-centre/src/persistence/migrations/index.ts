import { CreateMessages1790000000001 } from './1790000000001-create-messages.js';

export const messageMigrations = [CreateMessages1790000000001];
