import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import type Mail from 'nodemailer/lib/mailer/index.js'
import type MimeNode from 'nodemailer/lib/mime-node/index.js'
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import { NotSent } from './not-sent.ts'
import type { SendFailure } from './retry.ts'

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/** Servers close a connection after too many mails, so we close it first. */
const MOST_PER_CONNECTION = 100

type Options = SMTPConnection.Options & { auth?: SMTPConnection.Credentials }

type BuiltMail = { envelope: MimeNode.Envelope; raw: Buffer }

/**
 * One connection to the mail server that carries mails one after the other. Ours and not nodemailer's pool, which hands a
 * mail to another connection when one breaks, also after the text has left: then it arrives twice.
 */
export class MailLane {
  readonly #options: Options
  #connection: SMTPConnection | null = null
  #carried = 0

  /** @param url `smtp://` or `smtps://` with everything that nodemailer reads from it */
  constructor(url: string) {
    const { options } = createTransport(url)
    this.#options = { ...TIMEOUTS, ...(options as Options) }
  }

  /** @throws NotSent */
  async send(mail: Mail.Options): Promise<void> {
    const message = new MailComposer(mail).compile()
    const built = { envelope: message.getEnvelope(), raw: await message.build() }
    const wasOpen = this.#connection !== null
    try {
      await this.#carry(built)
    } catch (error) {
      // The server may close an idle connection at any time: a new connection shows whether the server is reachable.
      if (!wasOpen || this.#connection || !(error instanceof NotSent) || error.failure.textBegun) throw error
      await this.#carry(built)
    }
  }

  async #carry({ envelope, raw }: BuiltMail): Promise<void> {
    const connection = await this.#ready()
    let textBegun = false
    const text = Readable.from(
      (function* () {
        textBegun = true
        yield raw
      })(),
    )
    try {
      await handOver(connection, envelope, text)
      this.#carried += 1
    } catch (error) {
      const failure = error as SendFailure
      // After an answer the connection is still usable: a reset prepares it for the next mail.
      if (failure.responseCode === undefined || !(await reset(connection))) this.close()
      throw new NotSent({ ...pick(failure), textBegun })
    }
  }

  async #ready(): Promise<SMTPConnection> {
    if (this.#carried >= MOST_PER_CONNECTION) this.close()
    if (this.#connection) return this.#connection
    try {
      const opened = await open(this.#options)
      // The end of a mail is a small packet of its own: held back for company, it would cost 40 ms a mail.
      ;(opened as unknown as { _socket?: Socket })._socket?.setNoDelay(true)
      opened.on('error', () => this.#forget(opened))
      opened.on('end', () => this.#forget(opened))
      this.#connection = opened
      return opened
    } catch (error) {
      throw new NotSent({ ...pick(error as SendFailure), command: 'CONN' })
    }
  }

  #forget(connection: SMTPConnection): void {
    if (this.#connection === connection) this.#connection = null
  }

  close(): void {
    this.#connection?.quit()
    this.#connection = null
    this.#carried = 0
  }
}

function pick({ code, command, responseCode, response, message }: SendFailure): SendFailure {
  return {
    message,
    ...(code === undefined ? {} : { code }),
    ...(command === undefined ? {} : { command }),
    ...(responseCode === undefined ? {} : { responseCode }),
    ...(typeof response === 'string' ? { response } : {}),
  }
}

/** Connects, with TLS where the server has it, and logs in where the address names a user. */
function open(options: Options): Promise<SMTPConnection> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection(options)
    const failed = (error: Error) => {
      connection.close()
      reject(error)
    }
    connection.on('error', failed)
    connection.once('end', () => reject(new Error('the mail server closed the connection')))
    connection.connect((error) => {
      if (error) return failed(error)
      if (!options.auth) return resolve(connection)
      connection.login(options.auth, (refused) => (refused ? failed(refused) : resolve(connection)))
    })
  })
}

/** A connection that breaks says so by an event, and never calls back. */
function handOver(connection: SMTPConnection, envelope: MimeNode.Envelope, text: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const broken = (error: Error) => reject(error)
    const ended = () => reject(new Error('the mail server closed the connection'))
    connection.once('error', broken)
    connection.once('end', ended)
    connection.send(envelope, text, (error) => {
      connection.off('error', broken)
      connection.off('end', ended)
      if (error) reject(error)
      else resolve()
    })
  })
}

const reset = (connection: SMTPConnection): Promise<boolean> =>
  new Promise((resolve) => {
    const broken = () => resolve(false)
    connection.once('error', broken)
    connection.once('end', broken)
    connection.reset((error) => {
      connection.off('error', broken)
      connection.off('end', broken)
      resolve(!error)
    })
  })
