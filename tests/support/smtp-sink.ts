import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

export type Sink = {
  url: string
  /** How often each mail arrived, by the first part of its Message-ID. */
  arrived: Map<string, number>
  /** Closes every line and answers nothing until `up`. */
  down(): Promise<void>
  up(): Promise<void>
}

type Manners = {
  /** Boxes that do not exist. */
  refuses: (address: string) => boolean
  /** Boxes whose mails are taken, and then the line drops without a word. */
  hangsUpAfter: (address: string) => boolean
}

const END = '\r\n.\r\n'

/** What the server says to one line of the client; null for the beginning of a mail. */
function answerTo(line: string, { refuses }: Manners): string {
  const command = line.slice(0, 4).toUpperCase()
  if (command === 'EHLO') return '250-sink\r\n250 8BITMIME'
  if (command === 'DATA') return '354 go on'
  if (command === 'QUIT') return '221 bye'
  if (command === 'RCPT' && refuses(addressIn(line))) return '550 5.1.1 no such box'
  return '250 ok'
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? ''

/** A mail server on this machine that keeps only how often each mail came: quick, so that what is measured is ours. */
export async function openSink(manners: Manners): Promise<Sink> {
  const arrived = new Map<string, number>()
  const sockets = new Set<Socket>()
  let server: Server
  let port = 0

  function serve(socket: Socket): void {
    let heard = ''
    let inMail = false
    let recipient = ''
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.setEncoding('latin1')
    socket.write('220 sink\r\n')
    const mail = (text: string) => {
      const id = /^Message-ID: <([^@]+)@/im.exec(text)?.[1] ?? '?'
      arrived.set(id, (arrived.get(id) ?? 0) + 1)
      inMail = false
      if (manners.hangsUpAfter(recipient)) socket.destroy()
      else socket.write('250 taken\r\n')
    }
    const line = (text: string) => {
      if (/^RCPT/i.test(text)) recipient = addressIn(text)
      inMail = /^DATA/i.test(text)
      socket.write(`${answerTo(text, manners)}\r\n`)
    }
    socket.on('data', (part: string) => {
      heard += part
      for (;;) {
        const mark = inMail ? END : '\r\n'
        const end = heard.indexOf(mark)
        if (end < 0) return
        const text = heard.slice(0, end)
        heard = heard.slice(end + mark.length)
        if (inMail) mail(text)
        else line(text)
      }
    })
  }

  const up = async () => {
    server = createServer(serve)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const down = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await up()
  return { url: `smtp://127.0.0.1:${port}`, arrived, down, up }
}
