/**
 * Every check of an answer, in the words of the operator who asks why one was refused. The keys are what a log says; the numbers
 * are those of AgID's list of cases.
 */
export const ANSWER_CHECKS = {
  encoding: 'la risposta non è Base64, o è troppo grande, o non è UTF-8',
  xml: 'il documento non è XML, o ha DOCTYPE, commenti, CDATA, istruzioni o entità',
  structure: 'il documento ha elementi in più, fuori posto o ripetuti (112, 113)',
  identifiers: 'un ID è ripetuto',
  'response-signature': 'la firma della Response non è del gestore (4, 5)',
  'assertion-signature': 'l’Assertion non è firmata dal gestore (2, 3, 100)',
  'response-id': 'ID della Response (8, 9)',
  'response-version': 'Version della Response (10)',
  'response-instant': 'IssueInstant della Response (11–15)',
  'response-request': 'InResponseTo della Response (16–18)',
  'response-destination': 'Destination (19–21)',
  status: 'Status (22–25)',
  'status-failure': 'il gestore ha risposto che l’accesso non è riuscito (26, 104–108, 111)',
  'response-issuer': 'Issuer della Response (27–30)',
  'assertion-missing': 'manca l’Assertion (32)',
  'assertion-id': 'ID dell’Assertion (33, 34)',
  'assertion-version': 'Version dell’Assertion (35)',
  'assertion-instant': 'IssueInstant dell’Assertion (36–40)',
  subject: 'Subject (41, 42)',
  'name-id': 'NameID (43–49)',
  confirmation: 'SubjectConfirmation (51–56)',
  recipient: 'Recipient (57–59)',
  'confirmation-request': 'InResponseTo di SubjectConfirmationData (60–62)',
  'confirmation-end': 'NotOnOrAfter di SubjectConfirmationData (63–66)',
  'assertion-issuer': 'Issuer dell’Assertion (67–72)',
  conditions: 'Conditions (73, 74)',
  'conditions-begin': 'NotBefore (75–78)',
  'conditions-end': 'NotOnOrAfter di Conditions (79–82)',
  audience: 'AudienceRestriction e Audience (83–87)',
  authentication: 'AuthnStatement, AuthnContext, AuthnContextClassRef (88–93, 97)',
  level: 'il livello è più basso di quello chiesto (94–96)',
  attributes: 'AttributeStatement, Attribute (98, 99) o un attributo ripetuto',
  'attribute-missing': 'manca un attributo che serve (103)',
  'fiscal-number': 'fiscalNumber non è TINIT- e un codice fiscale',
  'legal-person': 'l’identità è professionale o di un’organizzazione',
} as const

export type AnswerCheck = keyof typeof ANSWER_CHECKS
