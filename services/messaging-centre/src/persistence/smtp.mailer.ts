import { Injectable } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { Mailer } from '../application/ports.js';
import { MessagingCentreSettings } from '../config/messaging-centre.settings.js';

@Injectable()
export class SmtpMailer extends Mailer {
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
      ({ createTransport }) => createTransport(url),
      (error: unknown) => {
        this.transport = undefined;
        throw error;
      },
    );
    await (await this.transport).sendMail({ from, to: email, subject, text });
  }
}
