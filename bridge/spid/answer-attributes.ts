import { childOf, expectThat, refuse } from './answer-document.ts'
import { attributeOf, childrenNamed, textOf, type XmlElement } from './xml.ts'

/** Who the person is, in the words of SPID (spid-regole-tecniche, attributi). */
export type SpidPerson = {
  name: string
  familyName: string
  /** `TINIT-` and the fiscal code. */
  fiscalNumber: string
  dateOfBirth: string
  email: string | null
  spidCode: string | null
}

/** With one of these the identity speaks for an organisation, also where it names a person beside it. */
const OF_ORGANISATIONS = ['companyName', 'registeredOffice', 'companyFiscalNumber', 'ivaCode']
const FISCAL_NUMBER = /^TINIT-[A-Z0-9]{16}$/

/** Attributes by name, each with its one value; surplus ones are allowed in any order, a doubled one is not. */
function valuesIn(statement: XmlElement | null): Map<string, string> {
  const attributes = statement ? childrenNamed(statement, 'saml', 'Attribute') : []
  expectThat('attributes', attributes.length > 0)
  const values = new Map<string, string>()
  for (const attribute of attributes) {
    const name = attributeOf(attribute, 'Name') ?? ''
    const [value, ...others] = childrenNamed(attribute, 'saml', 'AttributeValue')
    expectThat('attributes', name !== '' && value !== undefined && !values.has(name))
    expectThat('attributes', others.length === 0)
    values.set(name, textOf(value) ?? refuse('attributes'))
  }
  return values
}

/** The person of an assertion whose signature was verified. */
export function personIn(assertion: XmlElement): SpidPerson {
  const values = valuesIn(childOf(assertion, 'saml', 'AttributeStatement'))
  expectThat('legal-person', !OF_ORGANISATIONS.some((name) => values.has(name)))
  const needed = (name: string): string => values.get(name) || refuse('attribute-missing')
  const person = {
    name: needed('name'),
    familyName: needed('familyName'),
    fiscalNumber: needed('fiscalNumber'),
    dateOfBirth: needed('dateOfBirth'),
    email: values.get('email') || null,
    spidCode: values.get('spidCode') || null,
  }
  expectThat('fiscal-number', FISCAL_NUMBER.test(person.fiscalNumber))
  return person
}
