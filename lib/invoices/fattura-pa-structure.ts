import { create } from 'xmlbuilder2'
import { FATTURA_PA_NAMESPACE } from './fattura-pa.ts'

/**
 * Our own check of an electronic invoice. It knows only the elements that we write, in the schema's order and
 * with the schema's limits, and the sums that the Sistema di Interscambio verifies (its controls 00421–00423
 * and 00471). It runs everywhere; the official schema, where present, is checked besides.
 */

type Rule = {
  name: string
  required: boolean
  content: RegExp | readonly Rule[]
}
const must = (name: string, content: Rule['content']): Rule => ({
  name,
  required: true,
  content,
})
const may = (name: string, content: Rule['content']): Rule => ({
  name,
  required: false,
  content,
})

const latin = (max: number): RegExp => new RegExp(`^[\\x20-\\x7e\\xa0-\\xff]{1,${max}}$`)
const ascii = (max: number): RegExp => new RegExp(`^[\\x20-\\x7e]{1,${max}}$`)
const AMOUNT = /^-?\d{1,11}\.\d{2}$/
const AMOUNT_8 = /^-?\d{1,11}\.\d{2,8}$/
const RATE = /^(?:100\.00|\d{1,2}\.\d{2})$/
const COUNTRY = /^[A-Z]{2}$/
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/
const NATURE = /^N(?:2\.2|4)$/
const FISCAL_CODE = /^[A-Z0-9]{11,16}$/

const VAT_ID = [must('IdPaese', COUNTRY), must('IdCodice', /^\d{11}$/)]
const PLACE = [
  must('Indirizzo', latin(60)),
  must('CAP', /^\d{5}$/),
  must('Comune', latin(60)),
  may('Provincia', COUNTRY),
  must('Nazione', COUNTRY),
]
const HEADER = [
  must('DatiTrasmissione', [
    must('IdTrasmittente', VAT_ID),
    must('ProgressivoInvio', /^[A-Z0-9]{1,10}$/),
    must('FormatoTrasmissione', /^FPR12$/),
    must('CodiceDestinatario', /^[A-Z0-9]{7}$/),
  ]),
  must('CedentePrestatore', [
    must('DatiAnagrafici', [
      must('IdFiscaleIVA', VAT_ID),
      may('CodiceFiscale', FISCAL_CODE),
      must('Anagrafica', [must('Denominazione', latin(80))]),
      must('RegimeFiscale', /^RF(?:01|02|0[4-9]|1\d|20)$/),
    ]),
    must('Sede', PLACE),
  ]),
  must('CessionarioCommittente', [
    must('DatiAnagrafici', [
      must('CodiceFiscale', FISCAL_CODE),
      must('Anagrafica', [must('Nome', latin(60)), must('Cognome', latin(60))]),
    ]),
    must('Sede', PLACE),
  ]),
]
const BODY = [
  must('DatiGenerali', [
    must('DatiGeneraliDocumento', [
      must('TipoDocumento', /^TD0[14]$/),
      must('Divisa', /^EUR$/),
      must('Data', DATE),
      must('Numero', ascii(20)),
      may('DatiBollo', [must('BolloVirtuale', /^SI$/), must('ImportoBollo', AMOUNT)]),
      must('ImportoTotaleDocumento', AMOUNT),
      may('Causale', latin(200)),
    ]),
  ]),
  must('DatiBeniServizi', [
    must('DettaglioLinee', [
      must('NumeroLinea', /^1$/),
      must('Descrizione', latin(1000)),
      must('Quantita', /^\d{1,12}\.\d{2,8}$/),
      must('UnitaMisura', ascii(10)),
      must('PrezzoUnitario', AMOUNT_8),
      must('PrezzoTotale', AMOUNT_8),
      must('AliquotaIVA', RATE),
      may('Natura', NATURE),
    ]),
    must('DatiRiepilogo', [
      must('AliquotaIVA', RATE),
      may('Natura', NATURE),
      must('ImponibileImporto', AMOUNT),
      must('Imposta', AMOUNT),
      may('EsigibilitaIVA', /^I$/),
      may('RiferimentoNormativo', latin(100)),
    ]),
  ]),
  must('DatiPagamento', [
    must('CondizioniPagamento', /^TP02$/),
    must('DettaglioPagamento', [
      must('ModalitaPagamento', /^MP(?:05|08|23)$/),
      must('ImportoPagamento', AMOUNT),
    ]),
  ]),
]
const ROOT = [must('FatturaElettronicaHeader', HEADER), must('FatturaElettronicaBody', BODY)]

/** The little of the DOM that the walk needs. */
type Node = {
  nodeType: number
  nodeName: string
  textContent: string | null
  childNodes: Iterable<Node>
}
const elementsOf = (node: Node): Node[] => [...node.childNodes].filter((child) => child.nodeType === 1)

/** Collects problems and the text of every leaf, keyed by its path under the root. */
type Findings = { problems: string[]; values: Map<string, string> }

function checkLeaf(node: Node, pattern: RegExp, path: string, { problems, values }: Findings): void {
  const text = node.textContent ?? ''
  if (elementsOf(node).length > 0) problems.push(`${path}: elements where a value was expected`)
  else if (!pattern.test(text)) problems.push(`${path}: value not allowed`)
  values.set(path, text)
}

function checkChildren(node: Node, rules: readonly Rule[], path: string, findings: Findings): void {
  const children = elementsOf(node)
  for (const rule of rules) {
    const here = `${path}/${rule.name}`
    const child = children[0]
    if (child?.nodeName !== rule.name) {
      if (rule.required) findings.problems.push(`${here}: missing or out of order`)
      continue
    }
    children.shift()
    if (rule.content instanceof RegExp) checkLeaf(child, rule.content, here, findings)
    else checkChildren(child, rule.content, here, findings)
  }
  for (const child of children) findings.problems.push(`${path}/${child.nodeName}: not expected here`)
}

const DETAIL = '/FatturaElettronicaBody/DatiBeniServizi/DettaglioLinee'
const SUMMARY = '/FatturaElettronicaBody/DatiBeniServizi/DatiRiepilogo'
const DOCUMENT = '/FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento'
const PAID = '/FatturaElettronicaBody/DatiPagamento/DettaglioPagamento/ImportoPagamento'

/** Sums in euro as numbers: a tolerance of a cent, widened by far less than anything it must tell apart. */
const CENT = 0.01 + 1e-9

function checkSums({ problems, values }: Findings): void {
  const amount = (path: string): number => Number(values.get(path))
  const off = (a: number, b: number, tolerance: number): boolean => !(Math.abs(a - b) <= tolerance)
  const net = amount(`${SUMMARY}/ImponibileImporto`)
  const vat = amount(`${SUMMARY}/Imposta`)
  const total = amount(`${DOCUMENT}/ImportoTotaleDocumento`)
  const line = amount(`${DETAIL}/PrezzoTotale`)
  const multiplied = amount(`${DETAIL}/PrezzoUnitario`) * amount(`${DETAIL}/Quantita`)
  if (off(multiplied, line, CENT)) problems.push('price × quantity is not the line total')
  if (off(line, net, CENT)) problems.push('the line total is not the taxable amount')
  if (off((net * amount(`${SUMMARY}/AliquotaIVA`)) / 100, vat, CENT))
    problems.push('VAT is not taxable amount × rate')
  if (off(net + vat, total, 1e-9)) problems.push('taxable amount + VAT is not the total')
  if (off(amount(PAID), total, 1e-9)) problems.push('the amount paid is not the total')
}

function checkTax({ problems, values }: Findings): void {
  for (const block of [DETAIL, SUMMARY]) {
    const exempt = values.get(`${block}/AliquotaIVA`) === '0.00'
    if (exempt !== values.has(`${block}/Natura`))
      problems.push(`${block}: a nature goes with a zero rate and only with it`)
  }
}

type Root = Node & { namespaceURI: string | null; getAttribute: (name: string) => string | null }

const withoutIndentation = (xml: string): string => xml.replace(/>\s+</g, '><')

/** The parser forgives tags that do not match; writing the tree again does not give the same text then. */
function parse(xml: string): Root | null {
  try {
    const document = create(xml)
    const same = withoutIndentation(document.end()) === withoutIndentation(xml)
    return same ? (document.root().node as unknown as Root) : null
  } catch {
    return null
  }
}

/**
 * @returns what is wrong with an electronic invoice as we write it, in English for the log; empty when nothing is.
 * Text that is not XML is a problem too, never an exception.
 */
export function checkStructure(xml: string): string[] {
  const root = parse(xml)
  if (!root) return ['not well-formed']
  if (root.nodeName !== 'p:FatturaElettronica' || root.namespaceURI !== FATTURA_PA_NAMESPACE)
    return ['not an electronic invoice']
  const findings: Findings = { problems: [], values: new Map() }
  if (root.getAttribute('versione') !== 'FPR12') findings.problems.push('the version is not FPR12')
  checkChildren(root, ROOT, '', findings)
  if (findings.problems.length === 0) {
    checkSums(findings)
    checkTax(findings)
  }
  return findings.problems
}
