export * from './compose.ts'
export * from './mail.ts'
export * from './mailer.ts'
export { MailNotSent, PATIENT } from './smtp-mailer.ts'
