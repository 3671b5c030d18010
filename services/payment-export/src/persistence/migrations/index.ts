import { CreatePayments1790000000001 } from './1790000000001-create-payments.js';

export const paymentMigrations = [CreatePayments1790000000001];
