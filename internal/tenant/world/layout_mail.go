package world

// The tables of Defender for Office 365, columns in the catalogue's order.
var (
	tabEmailAttachmentInfo = newTable("EmailAttachmentInfo", attachmentColumns, `Timestamp NetworkMessageId SenderFromAddress SenderDisplayName SenderObjectId RecipientEmailAddress RecipientObjectId FileName FileType SHA256
	FileSize ThreatTypes ThreatNames DetectionMethods ReportId FileExtension`)
	tabEmailEvents = newTable("EmailEvents", mailColumns, `Timestamp NetworkMessageId InternetMessageId SenderMailFromAddress SenderFromAddress SenderDisplayName SenderObjectId SenderMailFromDomain
	SenderFromDomain SenderIPv4 SenderIPv6 RecipientEmailAddress RecipientObjectId Subject EmailClusterId EmailDirection DeliveryAction DeliveryLocation
	ThreatTypes ThreatNames DetectionMethods ConfidenceLevel BulkComplaintLevel EmailAction EmailActionPolicy EmailActionPolicyGuid AuthenticationDetails
	AttachmentCount UrlCount EmailLanguage Connectors OrgLevelAction OrgLevelPolicy UserLevelAction UserLevelPolicy ReportId AdditionalFields
	LatestDeliveryLocation LatestDeliveryAction DistributionList LastEventExecutionTime ExchangeTransportRule ForwardingInformation Context To Cc
	ThreatClassification RecipientDomain EmailSize IsFirstContact`)
	tabEmailPostDeliveryEvents = newTable("EmailPostDeliveryEvents", postColumns, `Timestamp NetworkMessageId InternetMessageId Action ActionType ActionTrigger ActionResult RecipientEmailAddress DeliveryLocation SourceLocation
	ThreatTypes DetectionMethods ReportId SenderFromAddress EmailDirection`)
	tabEmailUrlInfo   = newTable("EmailUrlInfo", mailURLColumns, `Timestamp NetworkMessageId Url UrlDomain UrlLocation ReportId`)
	tabUrlClickEvents = newTable("UrlClickEvents", clickColumns, `Timestamp Url ActionType AccountUpn Workload NetworkMessageId ThreatTypes DetectionMethods IPAddress IsClickedThrough UrlChain ReportId AppName
	AppVersion SourceId`)
)
