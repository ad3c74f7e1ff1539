"""documents.py: the bodies that a Lync web service sends, composed for the emulation."""
import json
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape, quoteattr

XML = '<?xml version="1.0" encoding="utf-8"?>'
WST = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
AF = "urn:component:Microsoft.Rtc.WebAuthentication.2010"
SAML_TOKEN = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"
V1_XML = "application/vnd.microsoft.rtc.autodiscover+xml; v=1"
V1_JSON = "application/vnd.microsoft.rtc.autodiscover+json; v=1"


def autodiscover_xml(location, part, links, access=()):
    rows = [f'    <{name} fqdn={quoteattr(host)} port="{port}"/>' for name, host, port in access]
    rows += [f"    <Link token={quoteattr(t)} href={quoteattr(h)}/>" for t, h in links]
    where = f' AccessLocation="{location}"' if location else ""
    return "\n".join([
        XML,
        '<AutodiscoverResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xmlns:xsd="http://www.w3.org/2001/XMLSchema"{where}>',
        f"  <{part}>", *rows, f"  </{part}>", "</AutodiscoverResponse>", "",
    ])


def autodiscover_json(location, part, links, access=()):
    rows = [{"token": token, "href": href} for token, href in links]
    content = {name: {"fqdn": host, "port": str(port)} for name, host, port in access}
    # One link alone comes without its array, as a serialiser of objects writes it.
    content["Links"] = rows[0] if len(rows) == 1 else rows
    return json.dumps({"AccessLocation": location, part: content}).replace("/", "\\/")


def ucwa_json(links, **more):
    return json.dumps({"_links": {rel: {"href": href} for rel, href in links}, **more})


def ucwa_error(code, subcode):
    return json.dumps({"code": code, "subcode": subcode,
                       "message": "An error occurred. Please retry. If the problem persists, contact your "
                                  "support team."})


def envelope(body):
    return ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            f"{body}</s:Body></s:Envelope>")


def mex(base, windows=True):
    """The WSDL with the ticket service's ports; without `windows` that way in is switched off."""
    ports = [("WebTicketServiceWinNegotiate", "")] if windows else []
    ports += [("WebTicketServiceAuth", "/Auth")]
    rows = "\n".join(
        f'    <wsdl:port name="{name}" binding="tns:{name}">'
        f'<soap:address location="{base}/WebTicket/WebTicketService.svc{suffix}"/></wsdl:port>'
        for name, suffix in ports)
    return f"""{XML}
<wsdl:definitions name="WebTicketService" targetNamespace="http://tempuri.org/" \
xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" \
xmlns:tns="http://tempuri.org/">
  <wsdl:service name="WebTicketService">
{rows}
  </wsdl:service>
</wsdl:definitions>
"""


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rstr(token, token_type, context, audience, skew_s=0, lifetime_s=28800):
    """The answer with the ticket; `skew_s` is how far the server's clock is off."""
    created = datetime.now(timezone.utc) + timedelta(seconds=skew_s)
    expires = created + timedelta(seconds=lifetime_s)
    return f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
<RequestSecurityTokenResponseCollection xmlns="{WST}">\
<RequestSecurityTokenResponse Context={quoteattr(context)}><TokenType>{token_type}</TokenType>\
<RequestedSecurityToken>{token}</RequestedSecurityToken>\
<AppliesTo xmlns="http://schemas.xmlsoap.org/ws/2004/09/policy">\
<EndpointReference xmlns="http://www.w3.org/2005/08/addressing">\
<Address>{escape(audience)}</Address></EndpointReference></AppliesTo>\
<Lifetime><Created xmlns="{WSU}">{stamp(created)}</Created>\
<Expires xmlns="{WSU}">{stamp(expires)}</Expires></Lifetime>\
</RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection></s:Body></s:Envelope>"""


def assertion(identifier, issuer, user):
    now = stamp(datetime.now(timezone.utc))
    return (f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1"'
            f' MinorVersion="1" AssertionID="SamlSecurityToken-{identifier}" Issuer="{issuer}"'
            f' IssueInstant="{now}"><saml:AuthenticationStatement'
            ' AuthenticationMethod="urn:oasis:names:tc:SAML:1.0:am:password"'
            f' AuthenticationInstant="{now}"><saml:Subject><saml:NameIdentifier'
            ' Format="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri">'
            f"sip:{escape(user)}</saml:NameIdentifier></saml:Subject>"
            "</saml:AuthenticationStatement></saml:Assertion>")


def user_token(text):
    return f'<UserToken xmlns="{AF}">{text}</UserToken>'


def fault(code, text, error_id, reason, space=WSSE):
    return f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>\
<faultcode xmlns:a="{space}">a:{code}</faultcode>\
<faultstring xml:lang="en-US">{escape(text)}</faultstring><detail>\
<OCSDiagnosticsFault xmlns="{AF}"><Ms-Diagnostics-Fault><ErrorId>{error_id}</ErrorId>\
<Reason>{escape(reason)}</Reason></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail>\
</s:Fault></s:Body></s:Envelope>"""


def html(title, text=""):
    return (f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
            f"<body><h2>{title}</h2>{text}</body></html>\n")
