import { FAULT_WORDS } from './faults.ts'
import type { Order } from './orders.ts'
import { BANKS, isPaid } from './payment.ts'

/** Text made safe for HTML, attributes included. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const EURO = new Intl.NumberFormat('it-IT', {
  style: 'currency',
  currency: 'EUR',
})
const amountOf = (order: Order): string => EURO.format(Number(order.amount) / 100)

const STYLE = `
:root { color-scheme: light; --ink: #17324d; --accent: #0b5a47; --line: #5c6f82; }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 "Titillium Web", system-ui, sans-serif; color: var(--ink); background: #eef3f6; }
.banner { background: #5b2a00; color: #fff; padding: .75rem 1rem; text-align: center; font-weight: 600; }
header { background: #fff; border-bottom: 1px solid #c5d0da; padding: 1rem; text-align: center; font-weight: 700; }
main { max-width: 34rem; margin: 1.5rem auto; padding: 1.5rem; background: #fff; border-radius: 8px; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.5rem; padding: 1rem; background: #eef3f6; border-radius: 6px; }
dt { color: #455b71; } dd { margin: 0; font-weight: 600; text-align: right; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin-top: 1rem; }
.hint { color: #455b71; font-size: .9375rem; margin: .125rem 0; }
input, select { width: 100%; min-height: 3rem; padding: .5rem .75rem; font: inherit; border: 1px solid var(--line); border-radius: 6px; background: #fff; color: inherit; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
button { width: 100%; min-height: 3rem; margin-top: .75rem; font: inherit; font-weight: 600; border-radius: 6px; border: 2px solid var(--accent); background: var(--accent); color: #fff; cursor: pointer; }
button.second { background: #fff; color: var(--accent); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid #b45a00; outline-offset: 2px; }
.error { border-left: 6px solid #b3202f; background: #fdeef0; padding: .75rem 1rem; margin: 0 0 1rem; }
.good { border-left: 6px solid #0b5a47; background: #e9f5f1; padding: .75rem 1rem; margin: 0 0 1rem; }
details { margin-top: 2rem; border-top: 1px solid #c5d0da; padding-top: 1rem; }
summary { cursor: pointer; font-weight: 600; min-height: 2rem; }
code { font-size: 1em; }
`

/** A whole page: the banner says on each of them that no money moves. */
export const page = (title: string, content: string): string => `<!doctype html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} · Pagamento simulato</title>
<style>${STYLE}</style>
</head>
<body>
<div class="banner" role="note">SIMULAZIONE: nessun denaro si muove. Non scrivere i dati di una carta vera.</div>
<header>Pagina di pagamento di prova</header>
<main>${content}</main>
</body>
</html>`

const recap = (order: Order): string => `<dl>
<dt>Importo</dt><dd>${amountOf(order)}</dd>
<dt>Causale</dt><dd>${escapeHtml(order.description || 'Pagamento')}</dd>
<dt>Ordine</dt><dd>${escapeHtml(order.orderId)}</dd>
</dl>`

const alert = (message: string): string => `<p class="error" role="alert">${escapeHtml(message)}</p>`

/** The first hosted page: a card form or the list of banks, as the order asks. */
export function hostedPage(order: Order, message?: string): string {
  if (isPaid(order)) return alreadyPaid(order)
  const title = order.service === 'MYBANK' ? 'Scegli la tua banca' : 'Paga con carta'
  const content =
    order.service === 'MYBANK'
      ? bankList(order)
      : order.service === 'CARDS'
        ? cardForm(order)
        : cardForm(order) + bankList(order)
  return page(
    title,
    `<h1>${title}</h1>${message ? alert(message) : ''}${recap(order)}${content}
<form method="post" action="/hpp/${order.session}/annulla"><button class="second">Annulla e torna alla mensa</button></form>
${faultPanel(order)}`,
  )
}

const alreadyPaid = (order: Order): string =>
  page(
    'Pagamento già eseguito',
    `<h1>Pagamento già eseguito</h1><p class="good">Questo ordine risulta pagato. Non serve pagare di nuovo.</p>
${recap(order)}<p><a href="${escapeHtml(order.resultUrl)}">Torna alla mensa</a></p>`,
  )

const cardForm = (order: Order): string => `
<form method="post" action="/hpp/${order.session}/carta" autocomplete="off">
<label for="pan">Numero della carta</label>
<p class="hint" id="pan-hint">Solo le carte di prova elencate sotto.</p>
<input id="pan" name="pan" inputmode="numeric" required aria-describedby="pan-hint" autocomplete="off">
<div class="pair">
<div><label for="expiry">Scadenza</label><input id="expiry" name="expiry" inputmode="numeric" required value="12/30"></div>
<div><label for="cvv">CVV</label><input id="cvv" name="cvv" inputmode="numeric" required value="123"></div>
</div>
<button>Paga ${amountOf(order)}</button>
</form>
<h2>Carte di prova</h2>
<ul>
<li>Riesce: VISA <code>4349 9401 9900 4549</code>, MASTERCARD <code>5186 1516 5000 5008</code></li>
<li>Rifiutata: VISA <code>4349 9401 9999 7007</code>, MASTERCARD <code>5533 8938 7430 4465</code></li>
</ul>`

const bankList = (order: Order): string => `
<form method="post" action="/hpp/${order.session}/banca">
<label for="bank">La tua banca</label>
<select id="bank" name="bank">${BANKS.map((bank, index) => `<option value="${index}">${escapeHtml(bank)}</option>`).join('')}</select>
<button>Continua sul sito della banca</button>
</form>`

/** The bank's own page in the MyBank flow: every answer a bank can give, and none. */
export const bankPage = (order: Order, bank: string, operationId: string): string =>
  page(
    bank,
    `<h1>${escapeHtml(bank)}</h1><p>Autorizzi il bonifico MyBank?</p>${recap(order)}
<form method="post" action="/hpp/${order.session}/risposta">
<input type="hidden" name="operation" value="${escapeHtml(operationId)}">
<button name="answer" value="approve">Autorizza il bonifico</button>
<button class="second" name="answer" value="reject">Rifiuta</button>
<button class="second" name="answer" value="later">La banca risponde più tardi (tra 20 secondi)</button>
<button class="second" name="answer" value="close">Chiudi la pagina senza rispondere</button>
</form>${faultPanel(order)}`,
  )

export const closedPage = (order: Order): string =>
  page(
    'Pagina chiusa',
    `<h1>Hai chiuso la pagina della banca</h1>
<p>È come chiudere la scheda: il portale non riceve il ritorno del browser e la banca non ha ancora risposto.</p>
<p><a href="${escapeHtml(order.resultUrl)}">Torna comunque alla mensa</a></p>`,
  )

export const notFoundPage = (): string =>
  page(
    'Pagina non trovata',
    '<h1>Questa pagina di pagamento non esiste</h1><p>Il collegamento è scaduto o incompleto. Torna alla mensa e ricomincia la ricarica.</p>',
  )

/** The switches of this order, closed by default: the ordinary demonstration needs none. */
function faultPanel(order: Order): string {
  const field = (name: keyof typeof FAULT_WORDS): string => {
    const { title, values } = FAULT_WORDS[name]
    const options = Object.entries(values).map(
      ([value, words]) =>
        `<option value="${value}"${order.faults[name] === value ? ' selected' : ''}>${escapeHtml(words)}</option>`,
    )
    return `<label for="${name}">${escapeHtml(title)}</label><select id="${name}" name="${name}">${options.join('')}</select>`
  }
  return `<details><summary>Pannello della simulazione: che cosa deve andare storto</summary>
<form method="post" action="/hpp/${order.session}/guasti">
${field('payment')}${field('notification')}${field('status')}
<button class="second">Applica a questo ordine</button>
</form></details>`
}
