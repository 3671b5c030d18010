import { Injectable } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { Mailer } from '../application/ports.js';
import { MessagingCentreSettings } from '../config/messaging-centre.settings.js';

export type MailLimits = Readonly<
  Record<'dnsTimeout' | 'connectionTimeout' | 'greetingTimeout' | 'socketTimeout', number>
>;

/** Milliseconds. A mail server that says nothing must not hold up the job that sends, nor the claim of its mails. */
const LIMITS: MailLimits = {
  dnsTimeout: 5_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
};

@Injectable()
export class SmtpMailer extends Mailer {
  protected readonly limits: MailLimits = LIMITS;
  private transport: Promise<Transporter> | undefined;

  constructor(private readonly settings: MessagingCentreSettings) {
    super();
  }

  get configured(): boolean {
    return this.settings.SMTP_URL !== undefined;
  }

  async send(email: string, subject: string, text: string): Promise<void> {
    const { SMTP_URL: url, MAIL_FROM: from } = this.settings;
    if (!url) return;
    // Loaded only where mail is sent.
    this.transport ??= import('nodemailer').then(
      ({ createTransport }) => createTransport({ url, ...this.limits }),
      (error: unknown) => {
        this.transport = undefined;
        throw error;
      },
    );
    await (await this.transport).sendMail({ from, to: email, subject, text });
  }
}
