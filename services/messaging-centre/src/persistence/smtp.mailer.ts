import { Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { Mailer } from '../application/ports.js';
import { MessagingCentreSettings } from '../config/messaging-centre.settings.js';

@Injectable()
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter | undefined;

  constructor(private readonly settings: MessagingCentreSettings) {
    super();
    this.transport = settings.SMTP_URL ? createTransport(settings.SMTP_URL) : undefined;
  }

  get configured(): boolean {
    return this.transport !== undefined;
  }

  async send(email: string, subject: string, text: string): Promise<void> {
    await this.transport?.sendMail({ from: this.settings.MAIL_FROM, to: email, subject, text });
  }
}
