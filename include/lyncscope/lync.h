/* lync.h: what one HTTP exchange means to a Lync sign-in
 *
 * Filled by dissectors/lync_exchange.c from the request line, the headers and
 * the bodies.  Facts only: whether a fact is a failure is diagnosis' business.
 * Sections: MS-OCDISCWS (Autodiscover), MS-OCAUTHWS and WS-Trust 1.3 (web
 * tickets), UCWA 2.0 documents, RFC 4559 and MS-NLMP (Negotiate, NTLM),
 * RFC 6749 (OAuth).  All slices live as long as the event that carries them.
 */
#ifndef LYNCSCOPE_LYNC_H
#define LYNCSCOPE_LYNC_H

#include "lyncscope/slice.h"

/* By the longest matching path prefix, case-insensitive. */
enum service {
    SERVICE_NONE, /* not a path of ours */
    SERVICE_AUTODISCOVER,
    SERVICE_XFRAME,
    SERVICE_WEBTICKET,
    SERVICE_UCWA,
    SERVICE_MCX,
    SERVICE_REACH,
    SERVICE_CERTPROV,
    SERVICE_ABS,
    SERVICE_GROUPEXPANSION,
    SERVICE_MEET,
    SERVICE_DIALIN,
    SERVICE_SCHEDULER,
    SERVICE_COLLABCONTENT,
    SERVICE_LOCATION,
    SERVICE_DEVICEUPDATE,
    SERVICE_RGS,
    SERVICE_PASSIVEAUTH,
    SERVICE_PERSISTENTCHAT,
    SERVICE_EXCHANGE_AUTODISCOVER, /* beside ours, never part of a sign-in */
    SERVICE_CMS_REPLICATION,       /* pool to Edge on 4443, never part of a sign-in */
    SERVICE_OFFICE_WEB_APPS,       /* a farm of its own, published beside ours */
};
const char *service_name(enum service service); /* "autodiscover", "webticket", ... */

enum resource {
    RESOURCE_OTHER,
    RESOURCE_ROOT,         /* GET / on a discovery name, or .../AutodiscoverService.svc/root */
    RESOURCE_DOMAIN,       /* .../root/domain */
    RESOURCE_USER,         /* .../root/user */
    RESOURCE_OAUTH_USER,   /* .../root/oauth/user */
    RESOURCE_ROOT_TYPO,    /* a near-miss of AutodiscoverService.svc (MS seed article's misprint) */
    RESOURCE_TICKET,       /* POST .../WebTicketService.svc[/suffix] */
    RESOURCE_MEX,          /* .../WebTicketService.svc/mex */
    RESOURCE_OAUTH_TOKEN,  /* /WebTicket/oauthtoken */
    RESOURCE_APPLICATIONS, /* POST /ucwa/[oauth|psanon/]v1/applications: the door of the mobility
                              service */
    RESOURCE_APPLICATION,  /* one application: /ucwa/.../applications/<id>[/...] */
    RESOURCE_EVENTS,       /* its long poll: /ucwa/.../applications/<id>/events */
    RESOURCE_MCX,          /* /Mcx/McxService.svc */
};
const char *resource_name(enum resource resource);

/* ---- who asks: credentials in a request (RFC 9110 11, RFC 4559, MS-NLMP 2.2) ---- */

enum credential {
    CREDENTIAL_NONE,
    CREDENTIAL_BASIC,
    CREDENTIAL_NTLM_NEGOTIATE,    /* type 1, raw or inside SPNEGO */
    CREDENTIAL_NTLM_AUTHENTICATE, /* type 3, raw or inside SPNEGO */
    CREDENTIAL_KERBEROS,          /* an AP-REQ inside SPNEGO, or raw */
    CREDENTIAL_SPNEGO,            /* a SPNEGO token with neither in it */
    CREDENTIAL_BEARER,            /* Authorization: Bearer */
    CREDENTIAL_WEB_TICKET,        /* X-MS-WebTicket */
    CREDENTIAL_OTHER,             /* a scheme of another kind */
};
const char *credential_name(enum credential credential);

struct ntlm_facts { /* texts are UTF-8, made from UTF-16LE or OEM */
    unsigned type;  /* 1, 2, 3; 0: no NTLM message */
    uint32_t flags;
    struct slice domain;        /* type 1 and 3; type 2: TargetName */
    struct slice user;          /* type 3 */
    struct slice workstation;   /* type 1 and 3 */
    struct slice server_name;   /* type 2: DNS computer name, else the NetBIOS one */
    struct slice server_domain; /* type 2: DNS domain name, else the NetBIOS one */
    struct slice target_spn;    /* type 3, NTLMv2: the SPN the client believes it calls */
    uint64_t timestamp;         /* FILETIME of the AV pair or the NTLMv2 blob, 0 when absent */
    bool anonymous;             /* type 3 with neither user nor domain, or flag 0x800 */
    bool version1;              /* type 3 with a 24-byte NT response */
    bool malformed;
};

/* ---- what the server demands: WWW-Authenticate, all lines together ---- */

struct challenge {
    bool negotiate, ntlm, basic, digest, bearer,
        oauth;                /* oauth: MsRtcOAuth; which schemes are offered */
    struct ntlm_facts token;  /* a type 2 in Negotiate or NTLM */
    bool has_token;           /* a server token of whatever kind came with Negotiate or NTLM */
    struct slice oauth_href;  /* MsRtcOAuth href=, bare or quoted */
    struct slice grant_types; /* MsRtcOAuth grant_type= */
    struct slice authorization_uri; /* Bearer authorization_uri= */
    struct slice trusted_issuers;   /* Bearer trusted_issuers= */
};

/* ---- documents ---- */

enum document_kind {
    DOCUMENT_NONE,          /* no body, or one nobody here reads */
    DOCUMENT_AUTODISCOVER,  /* AutodiscoverResponse XML or v1 JSON */
    DOCUMENT_UCWA_RESOURCE, /* UCWA root, user, redirect or application; JSON or XML */
    DOCUMENT_UCWA_ERROR,
    DOCUMENT_RST,        /* RequestSecurityToken */
    DOCUMENT_RSTR,       /* RequestSecurityTokenResponse */
    DOCUMENT_FAULT,      /* SOAP 1.1 or 1.2 fault */
    DOCUMENT_WSDL,       /* MEX answer */
    DOCUMENT_SOAP_OTHER, /* an envelope with something else in it */
    DOCUMENT_OAUTH_FORM, /* token request */
    DOCUMENT_OAUTH_TOKEN,
    DOCUMENT_OAUTH_ERROR,
    DOCUMENT_HTML,
    DOCUMENT_MALFORMED, /* its type says Lync, its content does not parse or has a wrong root
                           element */
    DOCUMENT_CUT,       /* not all of it was captured or arrived: not judged */
};

enum autodiscover_part { PART_NONE, PART_ROOT, PART_DOMAIN, PART_USER };

struct link {
    struct slice token; /* "Redirect", "External/Mcx"; UCWA: the rel */
    struct slice href;  /* as sent */
};

struct sip_access {
    struct slice fqdn; /* trimmed */
    struct slice port; /* as sent */
};

enum { LINKS_MAX = 64 };

struct document {
    enum document_kind kind;
    const char *problem; /* DOCUMENT_MALFORMED: what is wrong, one phrase; else NULL */

    /* DOCUMENT_AUTODISCOVER, DOCUMENT_UCWA_RESOURCE */
    enum autodiscover_part part;  /* UCWA: ROOT has a user link, USER an applications link */
    struct slice access_location; /* "Internal", "External", empty */
    struct slice redirect;        /* href of Redirect / redirect, empty when there is none */
    const struct link *links;
    size_t link_count; /* at most LINKS_MAX; more are counted in links_left_out */
    size_t links_left_out;
    struct sip_access sip_client_internal, sip_client_external, sip_server_internal,
        sip_server_external;
    unsigned part_count; /* Root, Domain and User elements seen: more than 1 is a contradiction */

    /* DOCUMENT_RST, DOCUMENT_RSTR */
    struct slice user; /* claim, NameIdentifier or UsernameToken, decoded; as sent */
    struct slice token_type;
    struct slice applies_to;
    int64_t created_ns, expires_ns; /* Lifetime; 0 when absent */
    bool has_username_token;

    /* DOCUMENT_FAULT; X-Ms-diagnostics is in struct lync_exchange */
    struct slice fault_code; /* local name: FailedAuthentication */
    struct slice fault_string;
    struct slice error_id; /* OCSDiagnosticsFault ErrorId, or psf value 0x80048821 */
    struct slice reason;

    /* DOCUMENT_WSDL */
    bool offers_win_negotiate; /* has the port WebTicketServiceWinNegotiate */
    bool offers_auth;          /* any other web ticket port */

    /* DOCUMENT_OAUTH_* */
    struct slice grant_type, username;          /* form */
    struct slice oauth_error, passive_auth_uri; /* error */
    int64_t expires_in_s;                       /* token; 0 when absent */

    /* DOCUMENT_UCWA_ERROR */
    struct slice code, subcode;
};

struct diagnostics { /* X-Ms-diagnostics: <id>;source="..";reason=".."[;faultcode=".."] */
    struct slice id, source, reason, fault_code;
};

/* A URL in parts; all empty when the text is not an absolute http(s) URL. */
struct url {
    bool valid;
    bool https;
    struct slice host; /* as written; no port, no brackets */
    uint16_t port;     /* the scheme's when none is written */
    bool has_port;
    struct slice path; /* with the query */
};
struct url url_parse(struct slice text);

/* Documents that came before, for one engine. */
struct budget;
struct document_memo;
struct document_memo *document_memo_create(struct budget *budget); /* NULL: no memory */
void document_memo_free(struct document_memo *memo);               /* NULL is fine */

struct lync_exchange {
    enum service service;
    enum resource resource;
    struct slice sipuri;          /* query sipuri=, percent-decoded; as sent otherwise */
    struct slice original_domain; /* query originalDomain= */

    enum credential credential;
    struct ntlm_facts ntlm; /* of the credential */
    struct document request_document;

    struct challenge challenge;
    struct slice web_ticket_url; /* X-MS-WebTicketURL */
    struct diagnostics diagnostics;
    struct slice server_fqdn; /* X-MS-Server-Fqdn */
    struct document response_document;
};

#endif
