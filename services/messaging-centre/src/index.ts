import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { MessagingCentreSettings } from './config/messaging-centre.settings.js';
import { messageMigrations } from './persistence/migrations/index.js';

export const messagingCentre = defineService({
  name: 'messaging-centre',
  settings: MessagingCentreSettings,
  module: AppModule,
  migrations: messageMigrations,
});
