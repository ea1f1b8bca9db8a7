// Types of UDM fields: whatever isn't named here is a string that isn't repeated. Names begin at the
// innermost message that occurs in several places (`attribute`, `file`, `location`, `software`), or
// behind the noun (`principal`, `target`, ...). Facts of Google's public protocol buffer definition of
// UDM, googleapis/googleapis, backstory/udm.proto, of 2026-08.

/** Lists: repeated values and repeated messages. */
export const repeatedFields: ReadonlySet<string> = words(`
  artifact.tags asset.hardware asset.ip asset.labels asset.mac asset.nat_ip asset.software
  asset.vulnerabilities attribute.labels attribute.permissions attribute.roles
  extensions.auth.mechanism file.capabilities_tags file.embedded_domains file.embedded_ips
  file.embedded_urls file.names file.pe_file.imports file.pe_file.resource
  file.pe_file.resources_language_count file.pe_file.resources_language_count_str
  file.pe_file.resources_type_count file.pe_file.resources_type_count_str file.pe_file.section
  file.tags group.email_addresses ip ip_geo_artifact ip_geo_artifact.tags ip_location labels mac
  metadata.base_labels.custom_labels metadata.base_labels.ingestion_kv_labels
  metadata.base_labels.ingestion_labels metadata.base_labels.log_types
  metadata.base_labels.namespaces metadata.enrichment_labels.custom_labels
  metadata.enrichment_labels.ingestion_kv_labels metadata.enrichment_labels.ingestion_labels
  metadata.enrichment_labels.log_types metadata.enrichment_labels.namespaces
  metadata.event_timestamp_attributes metadata.ingestion_labels nat_ip network.dns.additional
  network.dns.answers network.dns.authority network.dns.questions network.email.bcc
  network.email.cc network.email.subject network.email.to network.smtp.rcpt_to
  network.smtp.server_response network.tls.client.supported_ciphers process.command_line_history
  process_ancestors resource_ancestors security_result security_result.action
  security_result.analytics_metadata security_result.associations security_result.campaigns
  security_result.category security_result.category_details security_result.detection_fields
  security_result.outcomes security_result.reports security_result.rule_labels
  security_result.threat_collections security_result.verdict_info software.permissions
  user.department user.email_addresses user.group_identifiers user.managers user.phone_numbers
  user.time_off user_management_chain
`);

/** Whole numbers. */
export const intFields: ReadonlySet<string> = words(`
  artifact.asn file.pe_file.entry_point file.pe_file.entry_point_exiftool file.size file.stat_dev
  file.stat_flags file.stat_inode file.stat_mode file.stat_nlink ip_geo_artifact.asn nat_port
  network.dns.additional.class network.dns.additional.ttl network.dns.additional.type
  network.dns.answers.class network.dns.answers.ttl network.dns.answers.type
  network.dns.authority.class network.dns.authority.ttl network.dns.authority.type network.dns.id
  network.dns.opcode network.dns.questions.class network.dns.questions.type
  network.dns.response_code network.http.response_code network.received_bytes
  network.received_packets network.sent_bytes network.sent_packets network.total_bytes port
  process.access_mask process.integrity_level_rid security_result.detection_depth
`);

/** Floating point numbers. */
export const floatFields: ReadonlySet<string> = words(`
  ip_location.region_latitude ip_location.region_longitude location.region_latitude
  location.region_longitude security_result.confidence_score security_result.risk_score
  user.office_address.region_latitude user.office_address.region_longitude
  user.personal_address.region_latitude user.personal_address.region_longitude
`);

/** Truth values. */
export const boolFields: ReadonlySet<string> = words(`
  metadata.base_labels.allow_scoped_access metadata.enrichment_labels.allow_scoped_access
  network.dns.authoritative network.dns.recursion_available network.dns.recursion_desired
  network.dns.response network.dns.truncated network.ipv6 network.is_proxy network.smtp.is_tls
  network.smtp.is_webmail network.tls.established network.tls.resumed process.ipv6
`);

/** Points in time; rules read their `seconds`. */
export const timeFields: ReadonlySet<string> = words(`
  artifact.first_seen_time artifact.last_seen_time asset.creation_time asset.first_discover_time
  asset.first_seen_time asset.last_boot_time asset.last_discover_time
  asset.system_last_update_time attribute.creation_time attribute.last_update_time
  domain.creation_time domain.expiration_time domain.first_seen_time domain.last_seen_time
  file.create_time file.first_seen_time file.first_submission_time file.last_access_time
  file.last_analysis_time file.last_modification_time file.last_seen_time
  file.last_submission_time file.pe_file.compilation_exiftool_time file.pe_file.compilation_time
  group.creation_time ip_geo_artifact.first_seen_time ip_geo_artifact.last_seen_time
  metadata.collected_timestamp metadata.event_timestamp metadata.ingested_timestamp
  network.tls.client.certificate.not_after network.tls.client.certificate.not_before
  network.tls.server.certificate.not_after network.tls.server.certificate.not_before
  security_result.first_discovered_time security_result.last_discovered_time
  security_result.last_updated_time user.account_expiration_time user.account_lockout_time
  user.first_seen_time user.hire_date user.last_bad_password_attempt_time user.last_login_time
  user.last_password_change_time user.password_expiration_time user.termination_date
`);

/** Enumerations with the name of their value 0, which an absent field has. */
export const enumFields: ReadonlyMap<string, string> = new Map(
  [
    ...words(`
  asset.deployment_status=DEPLOYMENT_STATUS_UNSPECIFIED
  asset.platform_software.platform=UNKNOWN_PLATFORM asset.type=ROLE_UNSPECIFIED
  attribute.cloud.environment=UNSPECIFIED_CLOUD_ENVIRONMENT
  attribute.permissions.type=UNKNOWN_PERMISSION_TYPE attribute.roles.type=TYPE_UNSPECIFIED
  cloud.environment=UNSPECIFIED_CLOUD_ENVIRONMENT extensions.auth.mechanism=MECHANISM_UNSPECIFIED
  extensions.auth.outcome=OUTCOME_UNSPECIFIED extensions.auth.type=AUTHTYPE_UNSPECIFIED
  file.file_type=FILE_TYPE_UNSPECIFIED metadata.enrichment_state=ENRICHMENT_STATE_UNSPECIFIED
  metadata.event_timestamp_attributes=EVENT_TIMESTAMP_ATTRIBUTE_UNSPECIFIED
  metadata.event_type=EVENTTYPE_UNSPECIFIED
  network.application_protocol=UNKNOWN_APPLICATION_PROTOCOL
  network.connection_state=CONNECTION_STATE_UNSPECIFIED network.direction=UNKNOWN_DIRECTION
  network.ip_protocol=UNKNOWN_IP_PROTOCOL object_reference.namespace=NORMALIZED_TELEMETRY
  platform=UNKNOWN_PLATFORM process.state=STATE_UNSPECIFIED process.token_elevation_type=UNKNOWN
  registry.registry_value_type=TYPE_UNSPECIFIED resource.resource_type=UNSPECIFIED
  security_result.action=UNKNOWN_ACTION security_result.alert_state=UNSPECIFIED
  security_result.category=UNKNOWN_CATEGORY security_result.confidence=UNKNOWN_CONFIDENCE
  security_result.priority=UNKNOWN_PRIORITY security_result.severity=UNKNOWN_SEVERITY
  security_result.threat_id_namespace=NORMALIZED_TELEMETRY
  security_result.threat_status=THREAT_STATUS_UNSPECIFIED
  security_result.threat_verdict=THREAT_VERDICT_UNSPECIFIED
  software.permissions.type=UNKNOWN_PERMISSION_TYPE user.account_type=ACCOUNT_TYPE_UNSPECIFIED
  user.user_authentication_status=UNKNOWN_AUTHENTICATION_STATUS user.user_role=UNKNOWN_ROLE
`),
  ].map((pair) => {
    const [name = '', zero = ''] = pair.split('=');
    return [name, zero];
  }),
);

/** The values of the enumerations that mappings name. */
export const enumValuesOf: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'security_result.action':
      'UNKNOWN_ACTION ALLOW BLOCK ALLOW_WITH_MODIFICATION QUARANTINE FAIL CHALLENGE',
    'security_result.severity':
      'UNKNOWN_SEVERITY INFORMATIONAL ERROR NONE LOW MEDIUM HIGH CRITICAL',
    'user.account_type':
      'ACCOUNT_TYPE_UNSPECIFIED DOMAIN_ACCOUNT_TYPE LOCAL_ACCOUNT_TYPE CLOUD_ACCOUNT_TYPE SERVICE_ACCOUNT_TYPE DEFAULT_ACCOUNT_TYPE',
  }).map(([name, values]) => [name, values.split(' ')]),
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}
