/* lync_names.c: words of the contract for services, resources and credentials */
#include "lyncscope/lync.h"

static const char *const services[] = {
    [SERVICE_NONE] = "none",
    [SERVICE_AUTODISCOVER] = "autodiscover",
    [SERVICE_XFRAME] = "xframe",
    [SERVICE_WEBTICKET] = "webticket",
    [SERVICE_UCWA] = "ucwa",
    [SERVICE_MCX] = "mcx",
    [SERVICE_REACH] = "reach",
    [SERVICE_CERTPROV] = "certprov",
    [SERVICE_ABS] = "abs",
    [SERVICE_GROUPEXPANSION] = "groupexpansion",
    [SERVICE_MEET] = "meet",
    [SERVICE_DIALIN] = "dialin",
    [SERVICE_SCHEDULER] = "scheduler",
    [SERVICE_COLLABCONTENT] = "collabcontent",
    [SERVICE_LOCATION] = "location",
    [SERVICE_DEVICEUPDATE] = "deviceupdate",
    [SERVICE_RGS] = "rgs",
    [SERVICE_PASSIVEAUTH] = "passiveauth",
    [SERVICE_PERSISTENTCHAT] = "persistentchat",
    [SERVICE_EXCHANGE_AUTODISCOVER] = "exchange-autodiscover",
    [SERVICE_CMS_REPLICATION] = "cms-replication",
    [SERVICE_OFFICE_WEB_APPS] = "office-web-apps",
};

static const char *const resources[] = {
    [RESOURCE_OTHER] = "other",
    [RESOURCE_ROOT] = "root",
    [RESOURCE_DOMAIN] = "domain",
    [RESOURCE_USER] = "user",
    [RESOURCE_OAUTH_USER] = "oauth-user",
    [RESOURCE_ROOT_TYPO] = "root-typo",
    [RESOURCE_TICKET] = "ticket",
    [RESOURCE_MEX] = "mex",
    [RESOURCE_OAUTH_TOKEN] = "oauth-token",
    [RESOURCE_APPLICATIONS] = "applications",
    [RESOURCE_APPLICATION] = "application",
    [RESOURCE_EVENTS] = "events",
    [RESOURCE_MCX] = "mcx",
};

static const char *const credentials[] = {
    [CREDENTIAL_NONE] = "none",
    [CREDENTIAL_BASIC] = "basic",
    [CREDENTIAL_NTLM_NEGOTIATE] = "ntlm-negotiate",
    [CREDENTIAL_NTLM_AUTHENTICATE] = "ntlm-authenticate",
    [CREDENTIAL_KERBEROS] = "kerberos",
    [CREDENTIAL_SPNEGO] = "spnego",
    [CREDENTIAL_BEARER] = "bearer",
    [CREDENTIAL_WEB_TICKET] = "web-ticket",
    [CREDENTIAL_OTHER] = "other",
};

const char *service_name(enum service service)
{
    return services[service];
}

const char *resource_name(enum resource resource)
{
    return resources[resource];
}

const char *credential_name(enum credential credential)
{
    return credentials[credential];
}
