import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { MessagingCentreSettings } from '../config/messaging-centre.settings.js';
import { addressOfMessage } from '../domain/address.js';
import { wordsFor } from '../domain/words.js';
import { Mailer, MailStore, MessageQueries, type DueMail } from './ports.js';

/** Mails digests that have grown quiet to the contacts of their organisation, with retries. */
@Injectable()
export class SendMail {
  constructor(
    private readonly mails: MailStore,
    private readonly messages: MessageQueries,
    private readonly mailer: Mailer,
    private readonly settings: MessagingCentreSettings,
    private readonly clock: BusinessClock,
  ) {}

  // Real time, not business time: how long a digest has been quiet has nothing to do with the payment calendar.
  @Scheduled({ name: 'send-mail', everyMs: 5_000 })
  async run(firing?: Firing): Promise<void> {
    if (!this.mailer.configured) return;
    await this.mails.queue(this.settings.MAIL_QUIET_SECONDS, new Date());
    for (;;) {
      const due = await this.mails.take(new Date(), 50);
      if (due.length === 0) return;
      for (const mail of due) {
        // Whoever runs it next takes the rest when its time comes.
        if (firing?.signal.aborted) return;
        await this.deliver(mail);
      }
    }
  }

  private async deliver(mail: DueMail): Promise<void> {
    const message = await this.messages.message(mail.messageId);
    if (!message) return;
    const words = wordsFor(message.kind, { ...message, today: this.clock.today() });
    const address = `${this.settings.PUBLIC_URL?.replace(/\/$/, '') ?? ''}${addressOfMessage(message).page}`;
    try {
      await this.mailer.send(
        mail.email,
        words.subject,
        `${words.subject}\n\n${words.nextStep}\n\n${address}\n\nMessage ${message.messageId}\n`,
      );
      await this.mails.delivered(mail, new Date());
    } catch (failure) {
      // The address is personal data: the row keeps the code alone.
      await this.mails.failed(mail, (failure as { code?: string }).code ?? 'SMTP_FAILED');
    }
  }
}
