import type { Message } from './inbox.ts'
import { SMS_FAULTS, type Sms, type SmsFault } from './sms.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const markup = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)

const TIME = new Intl.DateTimeFormat('it-IT', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'Europe/Rome',
})
const timeOf = (message: { receivedAt: string }): string =>
  `<time datetime="${message.receivedAt}">${TIME.format(new Date(message.receivedAt))}</time>`

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 0 auto; padding: 1rem }
  table { border-collapse: collapse; width: 100% }
  caption, th, td { text-align: left; padding: .5rem; vertical-align: top }
  tbody tr { border-top: 1px solid #767676 }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #767676; padding: 1rem }
  iframe { width: 100%; height: 30rem; border: 1px solid #767676; background: #fff }
  .wide { overflow-x: auto }
  a:focus-visible, button:focus-visible { outline: 3px solid; outline-offset: 2px }
  button, select { font: inherit; padding: .5rem 1rem; min-height: 2.75rem }
  select { max-width: 100% }
  td.text { overflow-wrap: anywhere; min-width: 9rem }
  @media (min-width: 70rem) { body { max-width: 90rem } .columns { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; align-items: start } }`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${markup(title)}</title><style>${STYLE}</style></head>
<body><main>
<h1>${markup(title)}</h1>
<p><strong>Dimostrazione.</strong> Qui arrivano i messaggi che il portale manderebbe alle famiglie. Nessuno parte davvero.</p>
${body}
</main></body></html>`

const row = (message: Message): string => `<tr>
<td><a href="/messaggi/${message.id}">${markup(message.subject)}</a></td><td>${markup(message.to)}</td><td>${timeOf(message)}</td></tr>`

const mails = (messages: readonly Message[]): string =>
  messages.length === 0
    ? '<p>Nessuna e-mail, per ora. <a href="/">Aggiorna</a></p>'
    : `<div class="wide"><table><caption>${messages.length} ${messages.length === 1 ? 'messaggio' : 'messaggi'}, dal più recente</caption>
<thead><tr><th scope="col">Oggetto</th><th scope="col">A</th><th scope="col">Ricevuto</th></tr></thead>
<tbody>${messages.map(row).join('')}</tbody></table></div>`

const textRow = (text: Sms): string => `<tr>
<td class="text">${markup(text.text)}</td><td>${markup(text.to)}<br>da ${markup(text.from)}</td><td>${timeOf(text)}${text.times > 1 ? `<br><strong>chiesto ${text.times} volte</strong>` : ''}</td></tr>`

const textTable = (texts: readonly Sms[]): string =>
  texts.length === 0
    ? '<p>Nessun SMS, per ora. <a href="/">Aggiorna</a></p>'
    : `<div class="wide"><table><caption>${texts.length} SMS, dal più recente</caption>
<thead><tr><th scope="col">Testo</th><th scope="col">A</th><th scope="col">Ricevuto</th></tr></thead>
<tbody>${texts.map(textRow).join('')}</tbody></table></div>`

const switches = (chosen: SmsFault): string => `<form method="post" action="/sms/guasto"><p>
<label for="guasto">Come risponde il gateway degli SMS</label><br>
<select id="guasto" name="guasto">${Object.entries(SMS_FAULTS)
  .map(
    ([fault, words]) =>
      `<option value="${fault}"${fault === chosen ? ' selected' : ''}>${markup(words)}</option>`,
  )
  .join('')}</select> <button>Cambia</button></p></form>`

/** Mails and texts beside each other, and how the gateway answers the next ones. */
export const listPage = (messages: readonly Message[], texts: readonly Sms[], fault: SmsFault): string =>
  page(
    'Posta e SMS della dimostrazione',
    `<div class="columns"><section><h2>E-mail</h2>${mails(messages)}</section>
<section><h2>SMS</h2>${textTable(texts)}${switches(fault)}</section></div>
${messages.length + texts.length > 0 ? '<form method="post" action="/svuota"><p><button>Svuota</button></p></form>' : ''}`,
  )

export const messagePage = (message: Message): string =>
  page(
    message.subject,
    `<p><a href="/">Tutti i messaggi</a></p>
<dl><dt>Da</dt><dd>${markup(message.from)}</dd><dt>A</dt><dd>${markup(message.to)}</dd><dt>Ricevuto</dt><dd>${timeOf(message)}</dd></dl>
<h2>Testo</h2><pre>${markup(message.text)}</pre>
${message.html ? `<h2>Versione impaginata</h2><iframe sandbox title="Messaggio impaginato" src="/messaggi/${message.id}/pagina"></iframe>` : ''}`,
  )

export const notFoundPage = (): string =>
  page('Messaggio non trovato', '<p><a href="/">Tutti i messaggi</a></p>')
