// Package graph collects incidents, with the ids of their alerts, and alerts from Microsoft Graph by the time of their last update.
//
// It imports the collect port, the defender client and the words below.
package graph
