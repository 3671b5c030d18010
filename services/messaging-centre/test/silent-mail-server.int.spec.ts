import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import type { MessagingCentreSettings } from '../src/config/messaging-centre.settings.js';
import { SmtpMailer, type MailLimits } from '../src/persistence/smtp.mailer.js';

class HastyMailer extends SmtpMailer {
  protected override readonly limits: MailLimits = {
    dnsTimeout: 300,
    connectionTimeout: 300,
    greetingTimeout: 300,
    socketTimeout: 300,
  };
}

it.each([
  ['never greets', () => undefined],
  ['falls silent behind its greeting', (socket: Socket) => void socket.write('220 here\r\n')],
])('a mail server that %s is given up, so that others are tried again', async (_what, answer) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const mailer = new HastyMailer({
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'attest@example.org',
  } as MessagingCentreSettings);
  await expect(mailer.send('somebody@example.org', 'subject', 'text')).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
  for (const socket of sockets) socket.destroy();
  server.close();
});
