import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { md, pki } from 'node-forge';

export interface Chain {
  root: string;
  intermediate: string;
  certificate: string;
  key: string;
}

const years = 10;
const ca = (path: { pathLenConstraint?: number } = {}) => [
  { name: 'basicConstraints', cA: true, critical: true, ...path },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  { name: 'subjectKeyIdentifier' },
];

/**
 * A chain shaped as Apple's: root, "WWDR" intermediate, pass certificate that names the pass type and the team. Keys
 * are Node's: forge takes seconds for one.
 */
export function makeChain(passTypeIdentifier: string, teamIdentifier: string): Chain {
  const organization = 'Tearoff development';
  const rootName = [
    { name: 'commonName', value: 'Tearoff Development Root CA' },
    { name: 'organizationName', value: organization },
  ];
  const intermediateName = [
    { name: 'commonName', value: 'Tearoff Development Wallet Relations CA' },
    { name: 'organizationName', value: organization },
  ];
  const passName = [
    { type: '0.9.2342.19200300.100.1.1', value: passTypeIdentifier },
    { name: 'commonName', value: `Pass Type ID: ${passTypeIdentifier}` },
    { shortName: 'OU', value: teamIdentifier },
    { name: 'organizationName', value: organization },
  ];
  const [root, intermediate, pass] = [keys(), keys(), keys()];
  const sign = (
    subject: pki.CertificateField[],
    of: Keys,
    issuer: pki.CertificateField[],
    by: Keys,
    extensions: object[],
  ): string => {
    const certificate = pki.createCertificate();
    certificate.publicKey = pki.publicKeyFromPem(of.publicKey);
    // The first bit clear, or it would be a negative number.
    certificate.serialNumber = `00${randomBytes(15).toString('hex')}`;
    certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
    certificate.validity.notAfter = new Date(Date.now() + years * 365 * 86_400_000);
    certificate.setSubject(subject);
    certificate.setIssuer(issuer);
    certificate.setExtensions(extensions);
    certificate.sign(pki.privateKeyFromPem(by.privateKey), md.sha256.create());
    return pki.certificateToPem(certificate);
  };
  return {
    root: sign(rootName, root, rootName, root, ca()),
    intermediate: sign(intermediateName, intermediate, rootName, root, ca({ pathLenConstraint: 0 })),
    certificate: sign(passName, pass, intermediateName, intermediate, [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true, emailProtection: true },
    ]),
    key: pass.privateKey,
  };
}

type Keys = ReturnType<typeof keys>;

const keys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
